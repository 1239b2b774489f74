// Fills a running server with something of every kind, over HTTP alone, so that a test and a measurement can do it.
import { setTimeout } from 'node:timers';
import { phishingExample } from '../../dist/common/examples.js';

/**
 * Leaves a prediction, an entry of a list and keys, and looks up a run and a batch that are there already.
 *
 * @param {string} url of the server
 * @param {string} adminKey
 */
export async function furnish(url, adminKey) {
  const ask = async (method, path, body) => {
    const answer = await fetch(url + path, {
      method,
      headers: { 'x-api-key': adminKey, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const makeKey = (order) => ask('POST', '/v1/admin/keys', order);
  const verdict = await ask('POST', '/v1/score/phishing-website', { record: phishingExample });
  const runs = await ask('GET', '/v1/training-runs');
  const batches = await ask('GET', '/v1/data/phishing-website/batches');
  const entry = { list: 'allow', match: 'domain', value: 'furnished.example', note: 'a test' };
  const { id: listEntry } = await ask('POST', '/v1/admin/lists', entry);
  const spare = [];
  for (let i = 1; i <= 4; i++) spare.push((await makeKey({ name: `spare ${i}`, role: 'viewer' })).id);
  const limited = await makeKey({ name: 'limited', role: 'admin', detectors: ['url'] });
  const viewer = await makeKey({ name: 'onlooker', role: 'viewer' });
  await logged(() => ask('GET', `/v1/predictions/${verdict.id}`));
  return {
    verdict,
    keys: { admin: adminKey, limited: limited.key, viewer: viewer.key },
    ids: {
      run: runs.items[0].id,
      batch: batches.items[0].id,
      prediction: verdict.id,
      listEntry,
      keys: spare,
    },
  };
}

/** The log of predictions is written behind the answers. */
async function logged(look) {
  for (let i = 0; ; i++) {
    try {
      return await look();
    } catch (error) {
      if (i === 100) throw error;
      await new Promise((wait) => setTimeout(wait, 100));
    }
  }
}
