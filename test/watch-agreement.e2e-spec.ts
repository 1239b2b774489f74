import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import request from 'supertest';
import { parse, stringify } from 'yaml';
import { tinySource } from '../src/detector/fixtures/tiny-contract.js';
import { decodeBundle, encodeBundle } from '../src/registry/bundle/bundle-codec.js';
import { tinyBundle } from '../src/registry/bundle/fixtures/tiny-bundle.js';
import { cli, eventually, Sandbox, Server } from './support/program.js';

type Body = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- the assertions say what they have

const detectors = ['url', 'network-flow', 'tiny'];
const allowed = Array.from({ length: 10 }, (_, i) => `paypal.com.verify-99${i}.verify9${i}.tk`);

/** A hundred flows of one source, a request of a few of them at a time, and some by themselves. */
const flow = (i: number): object => ({
  ts: 1.7e9 + i,
  uid: `C${i}`,
  'id.orig_h': `10.0.0.${5 + (i % 3)}`,
  'id.resp_h': `203.0.113.${i % 7}`,
  'id.resp_p': i % 2 === 0 ? 443 : 23,
  proto: 'tcp',
  conn_state: i % 2 === 0 ? 'SF' : 'S0',
  orig_pkts: 1 + (i % 5),
  resp_pkts: i % 2 === 0 ? 4 : 0,
});

const record = (i: number): object => ({
  having_IP: (i % 3) - 1,
  duration: i,
  protocol: ['tcp', 'udp', 'icmp'][i % 3],
});

/** One item of each detector, as its route takes it. */
const examples: Record<string, object> = {
  url: { url: 'example.com/a' },
  'network-flow': { record: flow(1) },
  tiny: { record: record(1) },
};

describe('the watch over the promotion of an equal model', () => {
  const sandbox = new Sandbox();
  let server: Server;

  const post = async (path: string, body: object): Promise<Body> =>
    (await request(server.url).post(path).send(body).expect(200)).body as Body;
  const watchOf = async (detector: string): Promise<Body> => {
    const { body } = await request(server.url).get(`/v1/monitoring/${detector}`).expect(200);
    return body.watch as Body;
  };

  /** What each detector is asked for: mostly the listed hosts, flows in requests and alone, records. */
  const scoreAll: Record<string, () => Promise<void>> = {
    url: async () => {
      for (let i = 0; i < 6; i++) {
        const threats = allowed.map((host) => `http://${host}/verify/login.php?id=12345${i}`);
        const { verdicts } = await post('/v1/score/url?explain=off', { urls: [...threats, 'example.com/a'] });
        expect(verdicts[0]).toMatchObject({
          verdict: 'benign',
          modelVerdict: 'malicious',
          decidedBy: 'list',
        });
      }
    },
    'network-flow': async () => {
      for (let i = 0; i < 100; i += 10) {
        const flows = Array.from({ length: 9 }, (_, j) => flow(i + j));
        await post('/v1/score/flow?explain=off', { flows });
        await post('/v1/score/network-flow?explain=off', { record: flow(i + 9) });
      }
    },
    tiny: async () => {
      const records = Array.from({ length: 60 }, (_, i) => record(i));
      await post('/v1/score/tiny?explain=off', { records });
    },
  };

  beforeAll(async () => {
    const schema = join(sandbox.env.DATA_DIR, 'schema');
    mkdirSync(schema, { recursive: true });
    const env = { ...sandbox.env, SCHEMA_DIR: schema };
    const watch = { minutes: 0.4, minPredictions: 50 };
    for (const detector of detectors) {
      const source =
        detector === 'tiny' ? tinySource : parse(readFileSync(`schema/${detector}.yaml`, 'utf8'));
      writeFileSync(join(schema, `${detector}.yaml`), stringify({ ...source, watch }));
      const bundle =
        detector === 'tiny'
          ? tinyBundle('logistic')
          : decodeBundle(readFileSync(join('models', detector, `${detector}.bundle`)));
      // The same model as another file: bundles are known by their digest.
      for (const seed of [1, 2]) {
        const file = join(sandbox.env.DATA_DIR, `${detector}-${seed}.bundle`);
        writeFileSync(file, encodeBundle({ ...bundle, testFrom: seed }));
        const { code, stderr } = await cli(['models', 'import', detector, file], env);
        expect([code, stderr]).toEqual([0, expect.any(String)]);
      }
      await cli(['models', 'promote', detector, '1', '--reason', 'a test'], env);
    }
    server = await Server.start({ ...env, WATCH_EVERY_S: '1' });
    for (const value of allowed)
      await request(server.url)
        .post('/v1/admin/lists')
        .send({ list: 'allow', match: 'host', value })
        .expect(201);
  });

  afterAll(async () => {
    await server?.stop();
    await sandbox.remove();
  });

  it('finds no difference on addresses that a list decides, on flows and on records, and keeps the model', async () => {
    for (const detector of detectors) await scoreAll[detector]();
    // Each watch begins at the promotion: what it is to see follows at once.
    for (const detector of detectors) {
      const body = { version: 2, expectedChampion: 1, reason: 'equal' };
      await post(`/v1/admin/models/${detector}/promote`, body);
      await eventually(async () => {
        const verdict = await post(`/v1/score/${detector}?explain=off`, examples[detector]);
        return verdict.model.version === 2;
      });
      await scoreAll[detector]();
    }
    for (const detector of detectors) {
      const watch = await eventually(async () => {
        const found = await watchOf(detector);
        return found?.status !== 'watching' && found;
      });
      expect([detector, watch.status, watch.reason]).toEqual([detector, 'passed', expect.any(String)]);
      const { benignToThreat, threatToBenign, previousThreats, leftOut, threats } = watch.seen;
      expect([benignToThreat, threatToBenign, leftOut]).toEqual([0, 0, 0]);
      // All that the promoted version scored was scored again by the one before.
      expect(previousThreats.trials).toBe(threats.trials);
      expect(previousThreats.successes).toBe(threats.successes);
      expect(threats.trials).toBeGreaterThanOrEqual(60);
    }
  });
});
