/**
 * For how long the event loop of a server stands still while a snapshot of many flows is taken and scoring requests go
 * on, beside how long it does when only they do. The limit is 50 ms.
 *
 *   npm run bench:snapshot -- [--parts made,stored] [--rows 1000000] [--stored 50000] [--json]
 *
 * `made` has the repository's place taken by a source of made-up flows, which come as a driver brings them: a thousand
 * documents of BSON at a time. An embedded database would take hours to be filled with a million. `stored` pushes fewer
 * of the same flows into one and reads them from there. The server is a process of its own, so that the requests do
 * not count as its work.
 */
import { Buffer } from 'node:buffer';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { clearInterval, setInterval } from 'node:timers';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { mongo } from 'mongoose';
import { createHttpApp } from '../dist/app.setup.js';
import { createLogging } from '../dist/common/logging.js';
import { ComputeService } from '../dist/compute/compute.service.js';
import { loadEnvironment } from '../dist/config/environment.js';
import { ContractsService } from '../dist/detector/contracts.service.js';
import { firstStart } from '../dist/first-start.js';
import { RecordsRepository } from '../dist/ingestion/records.repository.js';
import { SnapshotsService } from '../dist/ingestion/snapshots.service.js';
import { madeRecords } from './flow/made-logs.mjs';

const { values: options } = parseArgs({
  options: {
    parts: { type: 'string', default: 'made,stored' },
    rows: { type: 'string', default: '1000000' },
    stored: { type: 'string', default: '50000' },
    json: { type: 'boolean', default: false },
    server: { type: 'boolean', default: false },
  },
});
const detector = 'network-flow';
const rowsARead = 1000;

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'netwarden-bench-'));
  const server = fork(fileURLToPath(import.meta.url), ['--server'], {
    env: { ...process.env, DATA_DIR: folder, ENGINE_DIR: resolve('.data/engine'), AUTH: 'off', PORT: '0' },
  });
  const ask = async (message) => {
    server.send(message);
    const [answer] = await once(server, 'message');
    return answer;
  };
  try {
    const [{ url }] = await once(server, 'message');
    await under(url, 'nothing, to warm up', () => ask({ rest: 5000 }));
    const results = [await under(url, 'requests alone', () => ask({ rest: 10_000 }))];
    for (const part of options.parts.split(',')) {
      const rows = Number(part === 'made' ? options.rows : options.stored);
      if (part === 'stored') await ask({ store: rows });
      results.push(await under(url, `a snapshot of ${rows} ${part} flows`, () => ask({ [part]: rows })));
    }
    if (options.json) console.log(JSON.stringify(results, null, 2));
    else console.table(results);
  } finally {
    server.kill();
    await once(server, 'exit');
    await sleep(6000);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Has flows scored while the server does what it is asked to. */
async function under(url, during, work) {
  const body = JSON.stringify({
    records: next(madeRecords(2), 20).map(({ row }) => row),
  });
  const latencies = [];
  let going = true;
  const client = async () => {
    while (going) {
      const start = performance.now();
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${url}/v1/score/${detector}`, { method: 'POST', headers, body });
      if (response.status !== 200) throw new Error(await response.text());
      await response.text();
      latencies.push(performance.now() - start);
      await sleep(20);
    }
  };
  const clients = [client(), client()];
  const measured = await work();
  going = false;
  await Promise.all(clients);
  latencies.sort((a, b) => a - b);
  const p99 = latencies[Math.floor(0.99 * latencies.length)];
  return { during, ...measured, requests: latencies.length, 'request p99 ms': Number(p99.toFixed(1)) };
}

/** The server: it listens, and does what its parent asks for. */
async function serve() {
  const environment = loadEnvironment();
  const app = await createHttpApp(environment, createLogging({ level: 'error', to: 'stdout', secrets: [] }));
  await app.init();
  await firstStart(app, () => undefined);
  await app.listen(environment.port, environment.host);
  const stored = app.get(RecordsRepository, { strict: false });
  const contract = app.get(ContractsService).get(detector);
  const take = (records) =>
    new SnapshotsService(records, { sourceNames: async () => new Map() }, app.get(ComputeService)).take(
      contract,
    );

  const encoded = next(madeRecords(), 20 * rowsARead).map((record) => mongo.BSON.serialize(record));

  process.on('message', ({ rest, store, made, stored: rows }) => {
    const work = async () => {
      if (store) return fill(stored, store);
      if (rest) return measure(() => sleep(rest));
      return measure(() => take(made ? { streamAll: () => asDriver(encoded, made) } : stored), made ?? rows);
    };
    work().then(
      (result) => process.send(result ?? {}),
      (error) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
  process.send({ url: await app.getUrl() });
  process.once('SIGTERM', () => process.disconnect());
}

/** @param wanted rows that the result must have */
async function measure(work, wanted) {
  const blocks = new Blocks();
  const [start, before] = [performance.now(), performance.eventLoopUtilization()];
  const result = await work();
  const { utilization } = performance.eventLoopUtilization(before);
  const longest = blocks.stop();
  if (wanted && result.x.rows !== wanted) throw new Error(`${result.x.rows} rows of ${wanted}`);
  return {
    seconds: Number(((performance.now() - start) / 1000).toFixed(1)),
    ...longest,
    'event loop busy': Number(utilization.toFixed(2)),
  };
}

/**
 * How long the event loop stands still between two of its timers: by the clock, and how long its thread was on a core
 * meanwhile, which is what remains of a block where no other process wants the cores. Linux counts that in schedstat, in
 * nanoseconds.
 */
class Blocks {
  delay = monitorEventLoopDelay({ resolution: 1 });
  longest = 0;
  file = openSync(`/proc/${process.pid}/task/${process.pid}/schedstat`);
  buffer = Buffer.alloc(128);
  last = this.read();
  timer = setInterval(() => {
    const now = this.read();
    this.longest = Math.max(this.longest, now - this.last);
    this.last = now;
  }, 1);

  constructor() {
    this.delay.enable();
  }

  stop() {
    this.delay.disable();
    clearInterval(this.timer);
    closeSync(this.file);
    return {
      'longest block ms': Number((this.delay.max / 1e6).toFixed(1)),
      'on a core ms': Number(this.longest.toFixed(1)),
    };
  }

  read() {
    const length = readSync(this.file, this.buffer, 0, this.buffer.length, 0);
    return Number(this.buffer.toString('latin1', 0, length).split(' ')[0]) / 1e6;
  }
}

/** Stores rows of made-up flows. */
async function fill(repository, rows) {
  const made = madeRecords();
  for (let from = 0; from < rows; from += rowsARead)
    await repository.storeNew(next(made, Math.min(rowsARead, rows - from)));
}

/** The next values of an iterator. */
function next(iterator, count) {
  return Array.from({ length: count }, () => iterator.next().value);
}

/** Documents as a cursor gives them: those of a reply are decoded one by one, the next reply comes in a later turn. */
async function* asDriver(encoded, rows) {
  const random = Array.from({ length: 65_536 }, (_, i) =>
    ((i * 40_503) & 65_535).toString(16).padStart(4, '0'),
  );
  for (let i = 0; i < rows; i++) {
    if (i % rowsARead === 0) await nextTurn();
    const document = mongo.BSON.deserialize(encoded[i % encoded.length]);
    document._id = random[i & 65_535] + i.toString(16).padStart(28, '0');
    document.row.ts += Math.floor(i / encoded.length) * 50;
    yield document;
  }
}

if (options.server) await serve();
else await main();
