/**
 * How fast `GET /health/live` answers while a model is trained, beside how fast it does when nothing else
 * goes on: one request every 10 ms against a server that this script starts on an embedded database of its
 * own. Prints milliseconds; the limit is 50. Needs a build (`npm run build`).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { inWords, latenciesWhile, withServer } from './support/server.mjs';

await withServer(async ({ url, adminKey }) => {
  const live = async () => (await fetch(`${url}/health/live`)).text();
  report('at rest', await latenciesWhile(() => sleep(2000), live));
  report('while training', await latenciesWhile(() => train(url, { 'x-api-key': adminKey }), live));
});

async function train(url, headers) {
  const response = await fetch(`${url}/v1/training-runs`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ detector: 'phishing-website', promote: 'never' }),
  });
  const { id } = await response.json();
  for (let status = ''; status !== 'succeeded'; await sleep(200)) {
    ({ status } = await (await fetch(`${url}/v1/training-runs/${id}`, { headers })).json());
    if (status === 'failed' || status === 'cancelled') throw new Error(`the run has ${status}`);
  }
}

function report(what, latencies) {
  const slow = latencies.filter((latency) => latency > 50).length;
  console.log(`${what}: ${latencies.length} requests, ${inWords(latencies)}, ${slow} over 50 ms`);
}
