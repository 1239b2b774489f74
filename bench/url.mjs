/**
 * How well and how fast addresses are scored: within a source, from one source to the other, on this project's own
 * lists with the shipped baseline, and in URLs a second.
 *
 *   npm run bench:url -- [--parts sources,lists,speed,http] [--data ../shared/data] [--seeds 1] [--json]
 *
 * Whole registered domains are on one side of each split, in the supplement as well; intervals are 95 %, by domain.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import Papa from 'papaparse';
import { loadContracts } from '../dist/detector/contracts.service.js';
import { groupKeyOf } from '../dist/detector/group-keys.js';
import { isFault } from '../dist/detector/kind.js';
import { kindOf } from '../dist/detector/kinds.js';
import { CellFault, labelParser } from '../dist/detector/tabular/cells.js';
import { supplementOf } from '../dist/ingestion/supplement.js';
import { bootstrapIntervals } from '../dist/ml/bootstrap.js';
import { createLearner } from '../dist/ml/factory.js';
import { evaluate } from '../dist/ml/metrics.js';
import { stableHoldout } from '../dist/ml/stable-holdout.js';
import { Matrix } from '../dist/ml/matrix.js';
import { groupsOf } from '../dist/ml/splits.js';
import { decodeBundle } from '../dist/registry/bundle/bundle-codec.js';
import { ScoringModel } from '../dist/registry/bundle/scoring-model.js';
import { fittingSet } from '../dist/transformation/fitting-set.js';

const { values: options } = parseArgs({
  options: {
    parts: { type: 'string', default: 'sources,lists,speed,http' },
    data: { type: 'string', default: join('..', 'shared', 'data') },
    seeds: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const root = fileURLToPath(new URL('..', import.meta.url));
const contract = loadContracts(join(root, 'schema')).get('url');
const kind = kindOf(contract);
const results = {};
const parts = { sources, lists, speed, http };
for (const part of options.parts.split(',')) {
  if (!Object.hasOwn(parts, part)) throw new RangeError(`there is no part ${part}`);
  results[part] = await parts[part]();
  if (!options.json) show(part, results[part]);
}
if (options.json) console.log(JSON.stringify(results, null, 2));

/** Within PhishStorm, and from each source to the other. */
async function sources() {
  const phishstorm = readSource('urls/phishstorm-urlset.csv', 'latin1');
  const hannousse = readSource('urls/hannousse-2021.csv', 'utf8');
  const measured = [];
  for (const seed of options.seeds.split(',').map(Number)) {
    const keys = Float64Array.from(phishstorm, ({ key }) => key);
    const split = stableHoldout(new Matrix(keys.length, 1, keys), { share: 0.2, seed });
    const [train, test] = [split.train, split.test].map((rows) => [...rows].map((row) => phishstorm[row]));
    measured.push(await transfer(`PhishStorm, 80/20 by domain, seed ${seed}`, train, test));
  }
  measured.push(await transfer('Hannousse to PhishStorm', hannousse, phishstorm));
  measured.push(await transfer('PhishStorm to Hannousse', phishstorm, hannousse));
  return measured;
}

/** Fits the contract's first candidate on the one and measures it on the other, without the domains that both have. */
async function transfer(name, train, others) {
  const start = performance.now();
  const { p, y, groups } = await fitAndScore(train, others);
  const { rocAuc, accuracy } = evaluate(y, p, 0.5);
  const intervals = bootstrapIntervals(y, p, groups, 0.5, { resamples: 200, seed: 1 });
  return {
    name,
    train: train.length,
    test: y.length,
    rocAuc,
    rocAucInterval: intervals.rocAuc,
    accuracy,
    accuracyInterval: intervals.accuracy,
    seconds: (performance.now() - start) / 1000,
  };
}

async function fitAndScore(train, others) {
  const trained = new Set(train.map(({ key }) => key));
  const test = others.filter(({ key }) => !trained.has(key));
  const names = { names: ['source'], rows: new Int32Array(train.length) };
  const snapshot = { ...(await tableOf(train)), sources: names };
  // Nothing of a domain that is tested is in the supplement either.
  const tested = new Set(test.map(({ key }) => key));
  const supplement = await supplementOf(contract, train, names);
  const groups = groupsOf(new Matrix(train.length, 1, snapshot.groupKeys));
  const ids = new Map(train.map(({ key }, row) => [key, groups[row]]));
  // A group with a row elsewhere is left out: those tested get the group of a row that is not fitted on.
  const split = {
    groups: Int32Array.of(...groups, -1),
    supplementGroups: Int32Array.from(supplement.groupKeys, (key, i) =>
      tested.has(key) ? -1 : (ids.get(key) ?? 1e6 + i),
    ),
  };
  const rows = Int32Array.from(train.keys());
  const set = fittingSet(contract, { ...snapshot, supplement }, split, rows);
  const [{ learner, options: learnerOptions }] = contract.candidates;
  const { x, y, ...context } = set;
  const model = createLearner(learner, learnerOptions).fit(x, y, { seed: 1, ...context });
  const table = await tableOf(test);
  return {
    p: model.predict(table.x),
    y: table.y,
    groups: groupsOf(new Matrix(test.length, 1, table.groupKeys)),
  };
}

/** The rows that the service would store, each once. */
function readSource(file, encoding) {
  const text = readFileSync(resolve(root, options.data, file), encoding);
  const { data } = Papa.parse(text, { header: true, skipEmptyLines: true });
  const [column] = kind.columns;
  const parseLabel = labelParser(contract);
  const rows = new Map();
  for (const row of data) {
    const values = [column.parse(row.url ?? row.domain)];
    const label = parseLabel(row.status ?? row.label);
    if (values[0] instanceof CellFault || label instanceof CellFault || isFault(kind.item(values))) continue;
    rows.set(values[0], { values, label, key: groupKeyOf(contract, values[0]) });
  }
  return [...rows.values()];
}

async function tableOf(rows) {
  const featurizer = kind.featurizer();
  for (const { values } of rows) featurizer.add(values);
  return {
    x: await featurizer.finish(),
    y: Uint8Array.from(rows, ({ label }) => label),
    groupKeys: Float64Array.from(rows, ({ key }) => key),
  };
}

/** Verdicts of the shipped baseline on well-known legitimate addresses and on imitations of brands. */
async function lists() {
  const model = baseline();
  const { suspicious, malicious } = model.thresholds;
  const measured = [];
  for (const name of ['legitimate', 'imitations']) {
    const file = join(root, 'test', 'fixtures', 'urls', `${name}.txt`);
    const texts = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '');
    const p = model.score(await featurize(texts));
    measured.push({
      name,
      addresses: texts.length,
      suspicious: share(p, suspicious),
      malicious: share(p, malicious),
      highest: texts
        .map((text, i) => [p[i], text])
        .sort(([a], [b]) => (name === 'legitimate' ? b - a : a - b))
        .slice(0, 10)
        .map(([probability, text]) => `${probability.toFixed(3)} ${text}`),
    });
  }
  return measured;
}

/** Features and score of the shipped baseline, in this process, on one thread. */
async function speed() {
  const model = baseline();
  const texts = readSource('urls/phishstorm-urlset.csv', 'latin1').map(({ values }) => values[0]);
  const sample = Array.from({ length: 20_000 }, (_, i) => texts[(i * 4801) % texts.length]);
  const times = [];
  for (let repeat = 0; repeat < 6; repeat++) {
    const cpu = process.cpuUsage();
    const start = performance.now();
    for (let at = 0; at < sample.length; at += 1000) {
      model.score(await featurize(sample.slice(at, at + 1000)));
    }
    const { user, system } = process.cpuUsage(cpu);
    times.push({ wall: performance.now() - start, cpu: (user + system) / 1000 });
  }
  const least = (of) => Math.min(...times.slice(1).map((time) => time[of]));
  return {
    urlsASecond: sample.length / (least('wall') / 1000),
    urlsACpuSecond: sample.length / (least('cpu') / 1000),
  };
}

/** One address a request, over connections that stay open, against a server with the shipped baseline. */
async function http() {
  const folder = mkdtempSync(join(tmpdir(), 'netwarden-bench-'));
  const server = spawn(process.execPath, [join(root, 'dist', 'main.js')], {
    env: {
      ...process.env,
      DATA_DIR: folder,
      ENGINE_DIR: join(root, '.data', 'engine'),
      PORT: '0',
      LOG_LEVEL: 'info',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const address = await addressOf(server);
    await ready(address);
    const key = readFileSync(join(folder, 'admin.key'), 'utf8').trim();
    const texts = readSource('urls/hannousse-2021.csv', 'utf8').map(({ values }) => values[0]);
    const rates = {};
    // Of what a network asks for most comes again and again: 100 addresses in turn beside ones that are all new. Those
    // go on from load to load, so that the service has forgotten each when it comes again.
    const kinds = { distinct: around(texts), repeated: around(texts.slice(0, 100)) };
    for (const [kind, asked] of Object.entries(kinds)) {
      for (const explain of ['on', 'off']) {
        rates[`${kind}, explain=${explain}`] = await load(address, key, asked, explain);
      }
    }
    return rates;
  } finally {
    server.kill();
    await new Promise((ended) => server.once('exit', ended));
    rmSync(folder, { recursive: true, force: true });
  }
}

function* around(texts) {
  for (;;) yield* texts;
}

/** One address a request, over 32 connections. */
async function load(address, key, texts, explain) {
  const { requests, non2xx, latency } = await autocannon({
    url: address,
    connections: 32,
    duration: 10,
    requests: [
      {
        method: 'POST',
        path: `/v1/score/url?explain=${explain}`,
        headers: { 'content-type': 'application/json', 'x-api-key': key },
        setupRequest: (request) => ({
          ...request,
          body: JSON.stringify({ url: texts.next().value }),
        }),
      },
    ],
  });
  return { requestsASecond: requests.average, p99: latency.p99, non2xx };
}

function addressOf(server) {
  let text = '';
  return new Promise((found, lost) => {
    server.once('exit', (code) => lost(new Error(`the server ended with ${code}: ${text}`)));
    server.stdout.on('data', (chunk) => {
      text += chunk;
      const match = /http:\/\/127\.0\.0\.1:\d+/.exec(text);
      if (match) found(match[0]);
    });
  });
}

async function ready(address) {
  for (let attempt = 0; attempt < 300; attempt++) {
    const response = await fetch(`${address}/health/ready`);
    const body = await response.json();
    if (JSON.stringify(body).includes('"url"')) return;
    await sleep(500);
  }
  throw new Error('the baseline does not serve');
}

function baseline() {
  return ScoringModel.from(decodeBundle(readFileSync(join(root, contract.source.baseline))));
}

function featurize(texts) {
  const featurizer = kind.featurizer();
  for (const text of texts) featurizer.add([text]);
  return featurizer.finish();
}

function share(p, threshold) {
  return p.filter((value) => value >= threshold).length / p.length;
}

function show(part, result) {
  console.log(`\n${part}`);
  for (const row of [result].flat()) console.dir(row, { depth: 4, breakLength: 160 });
}
