/**
 * What a training run takes without a tracking server and with one that is well, is away (refuses connections), or hangs
 * (takes them and never answers): medians of the runs' own durations, and their ratios to none in the same round.
 *
 *   npm run bench:tracking -- [--runs 9] [--candidates random-forest] [--json]
 *
 * Each state has a server of Netwarden and an embedded database of its own; they train in turns. The tracking server is
 * the one that the tests use (`npm run test:install`).
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '9' },
    candidates: { type: 'string', default: 'random-forest' },
    json: { type: 'boolean', default: false },
  },
});
const mlflowBin = resolve('.data/mlflow/current/bin');
if (!existsSync(join(mlflowBin, 'mlflow'))) {
  console.error('There is no MLflow server here: npm run test:install gets one.');
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'netwarden-bench-'));
const children = [];
const silent = createServer(() => undefined);

try {
  const [wellPort, awayPort, hangingPort] = [await freePort(), await freePort(), await listening(silent)];
  await startMlflow(wellPort);
  const states = [
    { name: 'none', env: {} },
    { name: 'well', env: trackedAt(wellPort) },
    { name: 'away', env: trackedAt(awayPort) },
    { name: 'hanging', env: trackedAt(hangingPort) },
  ];
  for (const state of states) state.server = await startNetwarden(state);
  // Not counted: the first run compiles, and fills caches.
  const warmUp = 1;
  for (let round = -warmUp; round < Number(options.runs); round++) {
    for (const state of turned(states, round)) {
      const ms = await train(state);
      if (round >= 0) (state.durations ??= []).push(ms);
      show(`\r${round + warmUp + 1} of ${Number(options.runs) + warmUp} rounds, ${state.name}   `);
    }
  }
  show('\n');
  report(states);
} finally {
  for (const child of children.reverse()) await stop(child);
  silent.close();
  rmSync(folder, { recursive: true, force: true });
}

/** Nobody is always the first. */
function turned(states, round) {
  const first = (round + states.length) % states.length;
  return [...states.slice(first), ...states.slice(0, first)];
}

/** A run's own duration in milliseconds; it is waited for the mirror of a server that is well, not to disturb the next. */
async function train({ name, server: { url, headers } }) {
  const ordered = await fetch(`${url}/v1/training-runs`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({
      detector: 'phishing-website',
      promote: 'never',
      candidates: options.candidates.split(','),
    }),
  });
  if (!ordered.ok) throw new Error(await ordered.text());
  const { id } = await ordered.json();
  for (;;) {
    await sleep(100);
    const run = await (await fetch(`${url}/v1/training-runs/${id}`, { headers })).json();
    if (['failed', 'cancelled'].includes(run.status)) throw new Error(`the run has ${run.status}`);
    if (run.status !== 'succeeded' || (name === 'well' && run.mirror?.state !== 'delivered')) continue;
    return Date.parse(run.finishedAt) - Date.parse(run.startedAt);
  }
}

function show(progress) {
  if (process.stderr.isTTY) process.stderr.write(progress);
}

function report(states) {
  const [none] = states;
  const rows = states.map(({ name, durations }) => ({
    tracker: name,
    runs: durations.length,
    medianMs: median(durations),
    slowestMs: Math.max(...durations),
    ratio: Number(median(durations.map((ms, round) => ms / none.durations[round])).toFixed(3)),
  }));
  if (options.json) console.log(JSON.stringify(rows));
  else console.table(rows);
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

function trackedAt(port) {
  return { MLFLOW_TRACKING_URI: `http://127.0.0.1:${port}` };
}

async function startNetwarden({ name, env }) {
  const data = join(folder, name);
  const child = start(process.execPath, [resolve('dist/main.js')], {
    env: {
      ...process.env,
      ...env,
      DATA_DIR: data,
      ENGINE_DIR: resolve('.data/engine'),
      PORT: '0',
      SCHEDULE: 'off',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await addressOf(child);
  return { url, headers: { 'x-api-key': readFileSync(join(data, 'admin.key'), 'utf8').trim() } };
}

async function startMlflow(port) {
  const cwd = join(folder, 'mlflow');
  mkdirSync(cwd);
  const args = ['server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1'];
  args.push('--backend-store-uri', 'sqlite:///mlflow.db', '--artifacts-destination', './artifacts');
  start(join(mlflowBin, 'mlflow'), args, {
    cwd,
    // A group of its own: the server starts others, which have to end with it.
    detached: true,
    stdio: 'ignore',
    env: {
      ...process.env,
      PATH: `${mlflowBin}${delimiter}${process.env.PATH}`,
      MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
    },
  });
  for (const end = Date.now() + 120_000; Date.now() < end; await sleep(200)) {
    const answer = await fetch(`http://127.0.0.1:${port}/version`).catch(() => null);
    if (answer?.ok) return;
  }
  throw new Error('the tracking server did not start');
}

function start(program, args, how) {
  const child = spawn(program, args, how);
  child.isGroup = how.detached === true;
  children.push(child);
  return child;
}

async function stop(child) {
  if (child.exitCode !== null) return;
  const ended = new Promise((done) => child.once('exit', done));
  if (child.isGroup) process.kill(-child.pid, 'SIGKILL');
  else child.kill();
  await ended;
}

function addressOf(child) {
  let log = '';
  return new Promise((found, lost) => {
    child.stdout.on('data', (text) => {
      const address = /ready: (http:\/\/[^/]+)\/docs/.exec((log += text));
      if (address) found(address[1]);
    });
    child.once('exit', (code) => lost(new Error(`the server ended with ${code}:\n${log}`)));
  });
}

async function listening(server) {
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return server.address().port;
}

/** A port that nobody listens on. */
async function freePort() {
  const probe = createServer();
  const port = await listening(probe);
  await new Promise((closed) => probe.close(closed));
  return port;
}
