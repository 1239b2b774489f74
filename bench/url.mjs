/**
 * How well and how fast addresses are scored: on collections and months that nothing was learned from, beside fraudurl,
 * from one source to another, on this project's own lists with the shipped baseline, and in URLs a second.
 *
 *   npm run bench:url -- [--parts rounds,sources,lists,speed,http] [--data ../shared/data] [--seeds 1] [--json]
 *
 * Whole registered domains are on one side of each split, in the supplement as well; intervals are 95 %, by domain.
 * fraudurl (1.0.1) is measured on the same rows where `python3 -m fraudurl` runs: pip install fraudurl==1.0.1.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
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
import { evaluate, precisionAtBaseRate } from '../dist/ml/metrics.js';
import { wilsonInterval } from '../dist/ml/proportions.js';
import { stableHoldout } from '../dist/ml/stable-holdout.js';
import { Matrix } from '../dist/ml/matrix.js';
import { groupsOf } from '../dist/ml/splits.js';
import { chooseThreshold } from '../dist/ml/thresholds.js';
import { decodeBundle } from '../dist/registry/bundle/bundle-codec.js';
import { ScoringModel } from '../dist/registry/bundle/scoring-model.js';
import { fittingSet } from '../dist/transformation/fitting-set.js';

const { values: options } = parseArgs({
  options: {
    parts: { type: 'string', default: 'rounds,sources,lists,speed,http' },
    data: { type: 'string', default: join('..', 'shared', 'data') },
    seeds: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const root = fileURLToPath(new URL('..', import.meta.url));
const contract = loadContracts(join(root, 'schema')).get('url');
const kind = kindOf(contract);
/** Collections of harmless addresses that one round measures and the other learns from: maps, transit, television, … */
const measuredFirst = new Set([
  ...['transitland', 'alltheplaces', 'yt-dlp', 'free-programming-books', 'jser.info', 'public-apis'],
  ...['awesome-machine-learning', 'awesome', 'hipo-universities', 'ftr-site-config'],
]);
/** Phishing that was reported from here on is measured, and none of it learned from. */
const measuredFrom = '2025-08';
/** Rows of each collection, class and shape that are measured, one a domain, and of a feed that share what follows the host. */
const mostMeasured = 1300;
const mostAlike = 8;

const isLink = ({ row }) => row.tail;
const phishingSets = [
  ['later months against all', ({ row }) => row.date, () => true],
  ['later months, links', ({ row }) => row.date && row.tail, isLink],
  ['later months, home pages', ({ row }) => row.date && !row.tail, ({ row }) => !row.tail],
  ['PhishStorm against all', ({ row }) => !row.date, () => true],
];

const results = {};
const parts = { rounds, sources, lists, speed, http };
for (const part of options.parts.split(',')) {
  if (!Object.hasOwn(parts, part)) throw new RangeError(`there is no part ${part}`);
  results[part] = await parts[part]();
  if (!options.json) show(part, results[part]);
}
if (options.json) console.log(JSON.stringify(results, null, 2));

/**
 * Twice: learns from Hannousse, half of the harmless collections and the phishing of the first months, and measures the
 * later months and PhishStorm's phishing against the other half. Thresholds are those that the other round's harmless
 * addresses give: of sources that neither model nor threshold has seen.
 */
async function rounds() {
  const phishing = readSource('urls/phishing-database-2025.csv.gz', 'utf8');
  const harmless = readSource('urls/benign-licensed.csv.gz', 'utf8');
  const hannousse = readSource('urls/hannousse-2021.csv', 'utf8');
  const older = readSource('urls/phishstorm-urlset.csv', 'latin1').filter(({ label }) => label === 1);
  const early = thinned(phishing.filter(({ date }) => date < measuredFrom));
  const late = sampled(phishing.filter(({ date }) => date >= measuredFrom));
  const runs = [];
  for (const first of [true, false]) {
    const isMeasured = ({ source }) => measuredFirst.has(source) === first;
    const train = [...hannousse, ...early, ...harmless.filter((row) => !isMeasured(row))];
    const test = [...late, ...sampled(older), ...sampled(harmless.filter(isMeasured))];
    runs.push(await fitAndScore(train, test));
  }
  const chosen = runs.map(({ p, y, rows }) => {
    const names = [...new Set(rows.map(({ source }) => source))];
    const sources = Int32Array.from(rows, ({ source }) => names.indexOf(source));
    const { suspicious, malicious } = contract.thresholds;
    return [suspicious, malicious].map((policy) => chooseThreshold(policy, y, p, sources).threshold);
  });
  return runs.map((run, round) => {
    const peer = fraudurl(run.rows);
    const thresholds = chosen[1 - round];
    return {
      name: `round ${round + 1}`,
      train: run.train,
      sets: phishingSets.map(([name, threats, benign]) => comparison(name, run, peer, threats, benign)),
      falseAlarms: falseAlarms(run, thresholds),
      phishing: Object.fromEntries(
        [
          ['later months', ({ row }) => row.date],
          ['PhishStorm', ({ row }) => row.label === 1 && !row.date],
        ].map(([name, of]) => [name, flagged(run, thresholds, of)]),
      ),
    };
  });
}

/** One of ten of the bare domains, as the shipped baseline learns from them. */
function thinned(rows) {
  let domains = 0;
  return rows.filter(({ tail }) => tail || domains++ % 10 === 0);
}

/** A row a domain, evenly over the collection. */
function sampled(rows) {
  const domains = new Set();
  const alike = new Map();
  const cells = new Map();
  for (const row of rows) {
    const { key, source, tail } = row;
    if (domains.has(`${source} ${key}`)) continue;
    domains.add(`${source} ${key}`);
    const like = `${source} ${tail.replace(/\d/g, '0')}`;
    alike.set(like, (alike.get(like) ?? 0) + 1);
    if (row.label === 1 && tail && alike.get(like) > mostAlike) continue;
    const cell = `${source} ${tail !== ''}`;
    const known = cells.get(cell);
    if (known) known.push(row);
    else cells.set(cell, [row]);
  }
  return [...cells.values()].flatMap((cell) => {
    const step = Math.max(1, cell.length / mostMeasured);
    return Array.from({ length: Math.min(mostMeasured, cell.length) }, (_, i) => cell[Math.floor(i * step)]);
  });
}

/** fraudurl's probability of each row; null where Python or it is not there. */
function fraudurl(rows) {
  const folder = mkdtempSync(join(tmpdir(), 'netwarden-fraudurl-'));
  try {
    const [input, output] = ['in.csv', 'out.csv'].map((name) => join(folder, name));
    writeFileSync(input, Papa.unparse(rows.map(({ values }) => ({ url: values[0] }))));
    const { status } = spawnSync('python3', ['-m', 'fraudurl', input, '-o', output, '--quiet']);
    if (status !== 0) {
      console.error('fraudurl is left out: pip install fraudurl==1.0.1 for `python3 -m fraudurl`');
      return null;
    }
    const { data } = Papa.parse(readFileSync(output, 'utf8').replace(/^\ufeff/, ''), {
      header: true,
      skipEmptyLines: true,
    });
    return Float64Array.from(data, (row) => Number(row.fraud_probability || 0.5));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Both on the same rows: threats of one kind, harmless ones of another. */
function comparison(name, { p, y, rows, groups }, peer, threats, benign) {
  const places = rows.flatMap((row, i) => ((row.label === 1 ? threats : benign)({ row }) ? [i] : []));
  const labels = Uint8Array.from(places, (i) => y[i]);
  const domains = Int32Array.from(places, (i) => groups[i]);
  const figures = (of) => {
    const scores = Float64Array.from(places, (i) => of[i]);
    const { rocAuc, recallAtFpr01, recallAtFpr001 } = evaluate(labels, scores, 0.5);
    const intervals = bootstrapIntervals(labels, scores, domains, 0.5, { resamples: 100, seed: 1 });
    return {
      rocAuc: withInterval(rocAuc, intervals.rocAuc),
      recallAtFpr01: withInterval(recallAtFpr01, intervals.recallAtFpr01),
      recallAtFpr001: withInterval(recallAtFpr001, intervals.recallAtFpr001),
      precisionAt1in1000: precisionAt(recallAtFpr001).toFixed(2),
    };
  };
  const threatRows = labels.reduce((sum, label) => sum + label, 0);
  return {
    name,
    threats: threatRows,
    benign: places.length - threatRows,
    netwarden: figures(p),
    ...(peer && { fraudurl: figures(peer) }),
  };
}

/** Precision at a false-positive rate of .1 % where 1 in 1,000 is a threat. */
function precisionAt(recall) {
  return precisionAtBaseRate({ tp: recall, fn: 1 - recall, fp: 0.001, tn: 0.999 }, 0.001);
}

/** Share of harmless rows by kind of address that are suspicious or worse, and malicious. */
function falseAlarms(run, thresholds) {
  const at = new Map(contract.features.map(({ name }, j) => [name, run.x.column(j)]));
  const over = (name, least) => (i) => at.get(name)[i] >= least;
  const kinds = {
    'deep links': (i) => run.rows[i].tail !== '',
    'home pages': (i) => run.rows[i].tail === '',
    'an IP address': over('hostIsIpv4', 1),
    'a port': over('hasPort', 1),
    'free hosting': over('isFreeHosting', 1),
    'documents and forms of anyone': over('isSharedContent', 1),
    'tenants of shared hosts': over('hasPrivateSuffix', 1),
    'country suffixes': over('suffixIsCountry', 1),
    'suffixes since 2012': over('suffixIsNew', 1),
    'three host labels or more before the domain': over('subdomainLabels', 3),
    'names of several scripts': over('hasMixedScripts', 1),
    'identifiers of 16 hexadecimal digits': over('pathHexRun', 16),
    'folders of content management systems': over('isSystemFolder', 1),
    'queries over 100 characters': over('queryLength', 101),
    'archives and programs': (i) => at.get('extensionIsArchive')[i] + at.get('extensionIsProgram')[i] > 0,
    'words of signing in after the host': over('tailWordTokens', 1),
  };
  return Object.fromEntries(
    Object.entries(kinds).map(([name, is]) => [
      name,
      flagged(run, thresholds, ({ row, i }) => row.label === 0 && is(i)),
    ]),
  );
}

function flagged({ p, rows }, thresholds, is) {
  const places = rows.flatMap((row, i) => (is({ row, i }) ? [i] : []));
  const [suspicious, malicious] = thresholds.map((threshold) => {
    const successes = places.filter((i) => p[i] >= threshold).length;
    const trials = places.length;
    return trials === 0 ? '–' : withInterval(successes / trials, wilsonInterval({ successes, trials }));
  });
  return { rows: places.length, suspicious, malicious };
}

function withInterval(value, interval) {
  return `${value.toFixed(3)}${interval ? ` (${interval.map((end) => end.toFixed(3)).join('–')})` : ''}`;
}

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
  const sources = [...new Set(train.map(({ source }) => source))];
  const names = { names: sources, rows: Int32Array.from(train, ({ source }) => sources.indexOf(source)) };
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
    train: set.y.length,
    rows: test,
    x: table.x,
    p: model.predict(table.x),
    y: table.y,
    groups: groupsOf(new Matrix(test.length, 1, table.groupKeys)),
  };
}

/** The rows that the service would store, each once. */
function readSource(file, encoding) {
  const bytes = readFileSync(resolve(root, options.data, file));
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString(encoding);
  const { data } = Papa.parse(text, { header: true, skipEmptyLines: true });
  const [column] = kind.columns;
  const parseLabel = labelParser(contract.label);
  const rows = new Map();
  for (const row of data) {
    const values = [column.parse(row.url ?? row.domain)];
    const label = parseLabel(row.status ?? row.label);
    if (values[0] instanceof CellFault || label instanceof CellFault) continue;
    const item = kind.item(values);
    if (isFault(item)) continue;
    const { source = file, date } = row;
    const { tail } = item.url;
    rows.set(values[0], { values, label, source, date, tail, key: groupKeyOf(contract, values[0]) });
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
