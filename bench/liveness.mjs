/**
 * How fast `GET /health/live` answers while a model is trained, beside how fast it does when nothing else
 * goes on: one request every 10 ms against a server that this script starts on an embedded database of its
 * own. Prints milliseconds; the limit is 50. Needs a build (`npm run build`).
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const folder = mkdtempSync(join(tmpdir(), 'netwarden-bench-'));
const server = spawn(process.execPath, [resolve('dist/main.js')], {
  env: { ...process.env, DATA_DIR: folder, ENGINE_DIR: resolve('.data/engine'), PORT: '0' },
  stdio: ['ignore', 'pipe', 'inherit'],
});

try {
  const url = await addressOf(server);
  report('at rest', await measure(url, () => sleep(2000)));
  report('while training', await measure(url, () => train(url)));
} finally {
  server.kill();
  await new Promise((ended) => server.once('exit', ended));
  await sleep(6000);
  rmSync(folder, { recursive: true, force: true });
}

async function measure(url, work) {
  const latencies = [];
  let going = true;
  const watch = (async () => {
    while (going) {
      const start = performance.now();
      await (await fetch(`${url}/health/live`)).text();
      latencies.push(performance.now() - start);
      await sleep(10);
    }
  })();
  await work();
  going = false;
  await watch;
  return latencies.sort((a, b) => a - b);
}

async function train(url) {
  const response = await fetch(`${url}/v1/training-runs`, {
    method: 'POST',
    headers: { ...withKey(), 'content-type': 'application/json' },
    body: JSON.stringify({ detector: 'phishing-website', promote: 'never' }),
  });
  const { id } = await response.json();
  for (let status = ''; status !== 'succeeded'; await sleep(200)) {
    ({ status } = await (await fetch(`${url}/v1/training-runs/${id}`, { headers: withKey() })).json());
    if (status === 'failed' || status === 'cancelled') throw new Error(`the run has ${status}`);
  }
}

function withKey() {
  return { 'x-api-key': readFileSync(join(folder, 'admin.key'), 'utf8').trim() };
}

function report(what, latencies) {
  const at = (share) =>
    latencies[Math.min(latencies.length - 1, Math.floor(share * latencies.length))].toFixed(1);
  const slow = latencies.filter((latency) => latency > 50).length;
  console.log(
    `${what}: ${latencies.length} requests, median ${at(0.5)} ms, p99 ${at(0.99)} ms, slowest ${at(1)} ms, ${slow} over 50 ms`,
  );
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
