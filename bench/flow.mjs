/**
 * How fast flows are read, featurized and scored from a file on one core, and how much memory a long log takes. Made-up
 * logs, the shipped baseline.
 *
 *   npm run bench:flow -- [--parts speed,memory] [--flows 200000] [--long 5000000] [--json]
 *
 * Limits: 60,000 flows a second of Zeek's TSV and of EVE, and 300 MB.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { clearInterval, setInterval } from 'node:timers';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadContracts } from '../dist/detector/contracts.service.js';
import { featurizeFlow, flowFeatures } from '../dist/detector/flow/flow-features.js';
import { FlowItem } from '../dist/detector/flow/record-fields.js';
import { FlowWindow } from '../dist/detector/flow/flow-window.js';
import { openFlowLog } from '../dist/ingestion/readers/flow/flow-log.js';
import { LoadedVersion } from '../dist/prediction/loaded-version.js';
import { Scorer } from '../dist/prediction/scorer.js';
import { decodeBundle } from '../dist/registry/bundle/bundle-codec.js';
import { ScoringModel } from '../dist/registry/bundle/scoring-model.js';
import { madeLog } from './flow/made-logs.mjs';

const { values: options } = parseArgs({
  options: {
    parts: { type: 'string', default: 'speed,memory' },
    flows: { type: 'string', default: '200000' },
    long: { type: 'string', default: '5000000' },
    json: { type: 'boolean', default: false },
  },
});
const root = fileURLToPath(new URL('..', import.meta.url));
const bundle = join(root, loadContracts(join(root, 'schema')).get('network-flow').source.baseline);
const folder = mkdtempSync(join(tmpdir(), 'netwarden-bench-'));
const results = {};
const parts = { speed, memory };
try {
  for (const part of options.parts.split(',')) {
    if (!Object.hasOwn(parts, part)) throw new RangeError(`there is no part ${part}`);
    results[part] = await parts[part]();
    if (!options.json) console.table(results[part]);
  }
  if (options.json) console.log(JSON.stringify(results, null, 2));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Flows a second, by the clock and by the seconds of the processor, of one step more each time. */
async function speed() {
  const measured = [];
  for (const format of ['tsv', 'eve']) {
    const file = join(folder, `made.${format}`);
    await pipeline(Readable.from(madeLog(format, Number(options.flows))), createWriteStream(file));
    for (const [steps, work] of Object.entries({ read: reading, featurized: featurizing, scored: scoring })) {
      measured.push({ format, steps, ...(await fastest(() => work(file))) });
    }
  }
  return measured;
}

async function fastest(work) {
  const times = [];
  for (let repeat = 0; repeat < 4; repeat++) {
    const cpu = process.cpuUsage();
    const start = performance.now();
    const flows = await work();
    const { user, system } = process.cpuUsage(cpu);
    times.push({ wall: (performance.now() - start) / 1000 / flows, cpu: (user + system) / 1e6 / flows });
  }
  const rate = (of) => Math.round(1 / Math.min(...times.map((time) => time[of])));
  return { flowsASecond: rate('wall'), flowsACpuSecond: rate('cpu') };
}

async function reading(file) {
  return eachBatch(file, () => {});
}

async function featurizing(file) {
  const window = new FlowWindow();
  const row = new Float64Array(flowFeatures.length);
  return eachBatch(file, (flows) => flows.forEach((flow) => featurizeFlow(flow, window, row)));
}

async function scoring(file) {
  const row = { version: 1, createdAt: new Date() };
  const decoded = decodeBundle(readFileSync(bundle));
  const champion = new LoadedVersion(row, ScoringModel.from(decoded), decoded.reference);
  const lists = { isEmpty: true, find: () => null };
  const scorer = new Scorer(() => ({ champion, trial: null }), lists, { context: 'log', explain: 'none' });
  return eachBatch(file, (flows) => scorer.score(flows.map((flow) => new FlowItem(flow))));
}

async function eachBatch(file, work) {
  const log = await openFlowLog(createReadStream(file));
  let count = 0;
  for await (const items of log.batches()) {
    const flows = items.flatMap((item) => (item.kind === 'flow' ? [item.flow] : []));
    await work(flows);
    count += flows.length;
  }
  return count;
}

/** The command `score` at the end of a pipe that goes on and on. */
async function memory() {
  const env = {
    ...process.env,
    DATA_DIR: folder,
    ENGINE_DIR: join(root, '.data', 'engine'),
    LOG_LEVEL: 'warn',
  };
  run(env, 'models', 'import', 'network-flow', bundle);
  run(env, 'models', 'promote', 'network-flow', '1', '--reason', 'a measurement');
  const args = [join(root, 'dist', 'cli.js'), 'score', 'network-flow', '-', '--json'];
  const command = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'ignore'] });
  command.stdout.resume();
  const ended = new Promise((done) => command.once('exit', done));
  const flows = Number(options.long);
  const seen = [];
  const watch = setInterval(() => seen.push(residentMegabytes(command.pid)), 500);
  const start = performance.now();
  await pipeline(Readable.from(madeLog('tsv', flows)), command.stdin);
  const code = await ended;
  clearInterval(watch);
  if (code !== 0) throw new Error(`the command ended with ${code}`);
  const [megabytes, quarter] = [seen.filter((value) => value > 0), Math.floor(seen.length / 4)];
  return [
    {
      flows,
      seconds: Math.round((performance.now() - start) / 1000),
      ...Object.fromEntries(
        [1, 2, 3, 4].map((n) => [
          `most in quarter ${n}, MB`,
          Math.max(...megabytes.slice((n - 1) * quarter, n * quarter)),
        ]),
      ),
    },
  ];
}

function run(env, ...args) {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'dist', 'cli.js'), ...args], { env });
  if (status !== 0) throw new Error(stderr.toString());
}

/** 0 once the process is gone. */
function residentMegabytes(pid) {
  try {
    const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Math.round(Number(kilobytes ?? 0) / 1000);
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return 0;
    throw error;
  }
}
