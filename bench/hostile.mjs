/**
 * What an honest client notices of thousands of requests that nobody means well with: it scores a record every 10 ms,
 * at rest and while the requests of `test/support/hostile-requests.mjs` are sent to the same server, 16 at a time. Prints
 * both clients' times, the statuses, and the server's memory. The server and its database are this script's own, and are
 * gone afterwards.
 */
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { phishingExample } from '../dist/common/examples.js';
import { furnish } from '../test/support/furnish.mjs';
import { faultOf, sendAll } from '../test/support/hostile-client.mjs';
import { hostileRequests } from '../test/support/hostile-requests.mjs';
import { inWords, latenciesWhile, withServer } from './support/server.mjs';

// What the server says of the requests would hide the figures.
await withServer(measure, { stderr: 'ignore' });

async function measure({ url, adminKey, pid }) {
  const { keys, ids } = await furnish(url, adminKey);
  const document = await (await fetch(`${url}/docs/openapi.json`)).json();
  const requests = hostileRequests({ document, keys, ids });
  await honest('at rest', url, keys.admin, () => sleep(5000));

  const heard = [];
  const memory = [residentMb(pid)];
  const start = performance.now();
  await honest('meanwhile', url, keys.admin, () =>
    sendAll(url, requests, {
      heard: (request, answer) => {
        heard.push({ name: request.name, ...answer, fault: faultOf(request, answer) });
        if (heard.length % 1000 === 0) memory.push(residentMb(pid));
      },
    }),
  );
  const seconds = (performance.now() - start) / 1000;

  const perSecond = (heard.length / seconds).toFixed(0);
  console.log(`${heard.length} hostile requests in ${seconds.toFixed(0)} s, ${perSecond} a second`);
  console.log('statuses (0 is none):', JSON.stringify(statusesOf(heard)));
  const dishonest = heard.filter(({ fault }) => fault !== null);
  console.log(`answers that are not honest: ${dishonest.length}`);
  for (const { name, fault } of dishonest.slice(0, 10)) console.log(`  ${name}: ${fault}`);
  console.log(`resident memory every 1,000 requests, MB: ${memory.join(', ')}`);
  await sleep(5000);
  console.log(`resident memory 5 s later, MB: ${residentMb(pid)}`);
  console.log('the slowest answers:');
  for (const { ms, status, name } of heard.sort((a, b) => b.ms - a.ms).slice(0, 10))
    console.log(`  ${ms.toFixed(0)} ms, ${status}: ${name}`);
}

/** Scores a record every 10 ms while `work` goes on, and prints how long that took. */
async function honest(when, url, key, work) {
  let failed = 0;
  const latencies = await latenciesWhile(work, async () => {
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
  });
  console.log(
    `the honest client ${when}: ${latencies.length} scores, ${inWords(latencies)}, ${failed} failed`,
  );
}

function statusesOf(answers) {
  const counts = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** 0 where the server is gone. */
function residentMb(pid) {
  try {
    const kilobytes = execFileSync('ps', ['-o', 'rss=', '-p', `${pid}`], { encoding: 'utf8' });
    return Math.round(Number(kilobytes) / 1024);
  } catch {
    return 0;
  }
}
