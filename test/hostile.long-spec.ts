import { setTimeout as sleep } from 'node:timers/promises';
import request from 'supertest';
import { Furnished } from './support/furnished.js';
import { type Answer, faultOf, sendAll } from './support/hostile-client.mjs';
import { type HostileRequest, hostileRequests } from './support/hostile-requests.mjs';

/** So many of the requests come first, to load and compile what all of them need. */
const warmUp = 1500;
/** How much more memory the rest may leave behind, MB: a heap that breathes, not one that keeps requests. */
const mostGrowth = 300;
/** For connections to close, what is written behind answers to be written, and garbage to be found. */
const restMs = 5000;
/** Minutes on a slow machine that does other things besides; no part of it is timed. */
const patienceMs = 900_000;

describe('a server to which nobody means well', () => {
  let furnished: Furnished;
  let requests: HostileRequest[];
  const faults: string[] = [];

  const sendThem = (some: readonly HostileRequest[]): Promise<void> =>
    sendAll(furnished.guarded.server.url, some, {
      heard: (sent: HostileRequest, answer: Answer) => {
        const fault = faultOf(sent, answer);
        if (fault !== null) faults.push(`${sent.name}: ${fault}`);
      },
    });

  beforeAll(async () => {
    furnished = await Furnished.open();
    const { url } = furnished.guarded.server;
    const document = (await request(url).get('/docs/openapi.json').expect(200)).body;
    requests = hostileRequests({ document, ...furnished.furniture });
  });
  afterAll(async () => {
    // Whole, and even where the time was up: each is to be found by its name.
    if (faults.length > 0) process.stderr.write(`${faults.sort().join('\n')}\n`);
    await furnished?.close();
  });

  it('is sent at least 8,000 requests, no two of them alike', () => {
    expect(requests.length).toBeGreaterThanOrEqual(8000);
    expect(new Set(requests.map(({ name }) => name)).size).toBe(requests.length);
  });

  it(
    'answers each with its result or with a problem document, never with 500, and does not keep them',
    async () => {
      await sendThem(requests.slice(0, warmUp));
      await sleep(restMs);
      const before = furnished.memory();
      await sendThem(requests.slice(warmUp));
      await sleep(restMs);
      const after = furnished.memory();
      // Whole: each is to be found by its name.
      if (faults.length > 0) process.stderr.write(`${faults.sort().join('\n')}\n`);
      expect({ faults: faults.length, first: faults.slice(0, 20) }).toEqual({ faults: 0, first: [] });
      expect(furnished.failuresInLog).toEqual([]);
      expect(after).toBeLessThan(before + mostGrowth);
    },
    patienceMs,
  );

  it('is the process that it was, and scores as it did', async () => {
    await furnished.expectSound();
  });
});
