// A server of a bench's own, on an embedded database of its own.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A database that its last user has left ends within so long. */
const databaseEndsMs = 6000;

/**
 * Starts the built server for as long as `work` goes on; server, database and data are gone afterwards.
 *
 * @param {(server: { url: string, adminKey: string, pid: number }) => Promise<void>} work
 * @param {{ stderr?: 'inherit' | 'ignore' }} options
 */
export async function withServer(work, { stderr = 'inherit' } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'netwarden-bench-'));
  const child = spawn(process.execPath, [resolve('dist/main.js')], {
    env: { ...process.env, DATA_DIR: folder, ENGINE_DIR: resolve('.data/engine'), PORT: '0' },
    stdio: ['ignore', 'pipe', stderr],
  });
  try {
    const url = await addressOf(child);
    const adminKey = readFileSync(join(folder, 'admin.key'), 'utf8').trim();
    await work({ url, adminKey, pid: child.pid });
  } finally {
    child.kill();
    if (child.exitCode === null && child.signalCode === null)
      await new Promise((ended) => child.once('exit', ended));
    await sleep(databaseEndsMs);
    rmSync(folder, { recursive: true, force: true });
  }
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

/** Milliseconds of repeated `request`s, one every 10 ms while `work` goes on, in order of size. */
export async function latenciesWhile(work, request) {
  const latencies = [];
  let going = true;
  const watch = (async () => {
    while (going) {
      const start = performance.now();
      await request();
      latencies.push(performance.now() - start);
      await sleep(10);
    }
  })();
  await work();
  going = false;
  await watch;
  return latencies.sort((a, b) => a - b);
}

/** Median, p99 and slowest of sorted milliseconds, in words. */
export function inWords(latencies) {
  const at = (share) =>
    latencies[Math.min(latencies.length - 1, Math.floor(share * latencies.length))].toFixed(1);
  return `median ${at(0.5)} ms, p99 ${at(0.99)} ms, slowest ${at(1)} ms`;
}
