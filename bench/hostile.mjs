/**
 * What an honest client notices of thousands of requests that nobody means well with: it scores a record every 10 ms,
 * at rest and while the requests of `test/support/hostile-requests.mjs` are sent to the same server, 16 at a time. Prints
 * both clients' times, the statuses, and the server's memory. The server and its database are this script's own, and are
 * gone afterwards.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { phishingExample } from '../dist/common/examples.js';
import { furnish } from '../test/support/furnish.mjs';
import { faultOf, sendAll } from '../test/support/hostile-client.mjs';
import { hostileRequests } from '../test/support/hostile-requests.mjs';

const folder = mkdtempSync(join(tmpdir(), 'netwarden-bench-'));
const server = spawn(process.execPath, [resolve('dist/main.js')], {
  env: { ...process.env, DATA_DIR: folder, ENGINE_DIR: resolve('.data/engine'), PORT: '0' },
  // What it says of the requests would hide the figures.
  stdio: ['ignore', 'pipe', 'ignore'],
});

try {
  const url = await addressOf(server);
  const { keys, ids } = await furnish(url, readFileSync(join(folder, 'admin.key'), 'utf8').trim());
  const document = await (await fetch(`${url}/docs/openapi.json`)).json();
  const requests = hostileRequests({ document, keys, ids });
  report('the honest client at rest', await honest(url, keys.admin, () => sleep(5000)));

  const heard = [];
  const memory = [residentMb()];
  const start = performance.now();
  const meanwhile = await honest(url, keys.admin, () =>
    sendAll(url, requests, {
      heard: (request, answer) => {
        heard.push({ name: request.name, ...answer, fault: faultOf(request, answer) });
        if (heard.length % 1000 === 0) memory.push(residentMb());
      },
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  report('the honest client meanwhile', meanwhile);

  const perSecond = (heard.length / seconds).toFixed(0);
  console.log(`${heard.length} hostile requests in ${seconds.toFixed(0)} s, ${perSecond} a second`);
  console.log('statuses (0 is none):', JSON.stringify(statusesOf(heard)));
  console.log(`answers that are not honest: ${heard.filter(({ fault }) => fault !== null).length}`);
  console.log(`resident memory every 1,000 requests, MB: ${memory.join(', ')}`);
  await sleep(5000);
  console.log(`resident memory 5 s later, MB: ${residentMb()}`);
  console.log('the slowest answers:');
  for (const { ms, status, name } of heard.sort((a, b) => b.ms - a.ms).slice(0, 10))
    console.log(`  ${ms.toFixed(0)} ms, ${status}: ${name}`);
} finally {
  server.kill();
  if (server.exitCode === null && server.signalCode === null)
    await new Promise((ended) => server.once('exit', ended));
  await sleep(6000);
  rmSync(folder, { recursive: true, force: true });
}

/** Scores a record every 10 ms while `work` goes on; milliseconds of each, in order of size, and failures among them. */
async function honest(url, key, work) {
  const latencies = [];
  let failed = 0;
  let going = true;
  const watch = (async () => {
    while (going) {
      const start = performance.now();
      try {
        const answer = await fetch(`${url}/v1/score/phishing-website?explain=off`, {
          method: 'POST',
          headers: { 'x-api-key': key, 'content-type': 'application/json' },
          body: JSON.stringify({ record: phishingExample }),
        });
        const { verdict } = await answer.json();
        if (verdict !== 'malicious') failed++;
      } catch {
        failed++;
      }
      latencies.push(performance.now() - start);
      await sleep(10);
    }
  })();
  await work();
  going = false;
  await watch;
  return { latencies: latencies.sort((a, b) => a - b), failed };
}

function report(who, { latencies, failed }) {
  const at = (share) =>
    latencies[Math.min(latencies.length - 1, Math.floor(share * latencies.length))].toFixed(1);
  console.log(
    `${who}: ${latencies.length} scores, median ${at(0.5)} ms, p99 ${at(0.99)} ms, slowest ${at(1)} ms, ${failed} failed`,
  );
}

function statusesOf(answers) {
  const counts = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** 0 where the server is gone. */
function residentMb() {
  try {
    const kilobytes = execFileSync('ps', ['-o', 'rss=', '-p', `${server.pid}`], { encoding: 'utf8' });
    return Math.round(Number(kilobytes) / 1024);
  } catch {
    return 0;
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
