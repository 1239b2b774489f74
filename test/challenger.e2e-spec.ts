import request from 'supertest';
import type { VerdictDto } from '../src/prediction/prediction.dto.js';
import { JsonClient } from './support/json-client.js';
import { cli, eventually, type Server } from './support/program.js';
import { damageBundle, stateOf, TinyModels, tinyModels, tinyScore } from './support/tiny-models.js';

const threat = { having_IP: -1, duration: 5, protocol: 'tcp' };
const keys = Array.from({ length: 1000 }, (_, i) => `client ${i}`);

describe('a challenger', () => {
  const models = new TinyModels();
  const client = new JsonClient();
  let server: Server;
  let replica: Server;

  beforeAll(async () => {
    [server, replica] = await models.start();
  });

  afterAll(async () => {
    client.close();
    await models.remove();
  });

  const challenge = (body: object): request.Test =>
    request(server.url).post(`${tinyModels}/challenge`).send(body);

  /** Moves the challenger and waits until both processes have seen it. */
  async function tryOut(version: number | null, how: object = {}): Promise<void> {
    const { body } = await challenge({ version, ...how }).expect(200);
    for (const by of [server, replica]) {
      await stateOf(by, ({ challenger }) =>
        version === null
          ? challenger === null
          : challenger?.version === version && challenger.mode === body.mode,
      );
    }
  }

  async function score(canaryKey?: string, by = server): Promise<VerdictDto> {
    const headers = canaryKey === undefined ? {} : { 'x-canary-key': canaryKey };
    const url = `${by.url}${tinyScore}?explain=off`;
    const { status, body } = await client.post<VerdictDto>(url, { record: threat }, headers);
    expect(status).toBe(200);
    return body;
  }

  it('is refused where it makes no sense', async () => {
    for (const [body, status, problem] of [
      [{ version: 2, mode: 'shadow', share: 0.1 }, 400, 'share'],
      [{ version: 2, mode: 'canary' }, 400, 'share'],
      [{ version: 2, mode: 'canary', share: 0 }, 400, 'share'],
      [{ version: 2, mode: 'canary', share: 1.1 }, 400, 'share'],
      [{ version: 2 }, 400, 'mode'],
      [{ version: 2, mode: 'none' }, 400, 'mode'],
      [{ version: null, mode: 'shadow' }, 400, 'mode'],
      [{ mode: 'shadow' }, 400, 'version'],
      [{ version: 9, mode: 'shadow' }, 404, 'VERSION_UNKNOWN'],
      [{ version: 1, mode: 'shadow' }, 409, 'ALREADY_CHAMPION'],
      [{ version: 2, mode: 'shadow', expectedChampion: 2 }, 409, 'CHAMPION_CHANGED'],
      [{ version: null }, 409, 'NOTHING_TO_MOVE'],
      [{ version: 1e300, mode: 'shadow' }, 404, 'VERSION_UNKNOWN'],
    ] as const) {
      const answer = await challenge(body);
      const { code, errors } = answer.body as { code: string; errors?: { path: string }[] };
      expect([body, answer.status, errors?.[0]?.path ?? code]).toEqual([body, status, problem]);
    }
    const dry = await challenge({ version: 2, mode: 'canary', share: 0.1, dryRun: true }).expect(200);
    expect(dry.body).toEqual({
      dryRun: true,
      detector: 'tiny',
      alias: 'challenger',
      kind: 'challenge',
      from: null,
      to: 2,
      mode: 'canary',
      share: 0.1,
      checks: [{ name: 'loads', passed: true, message: 'version 2 loads and reproduces its self-test' }],
    });
    const listed = await request(server.url).get('/v1/admin/models');
    expect(listed.body).toEqual([
      {
        detector: 'tiny',
        champion: 1,
        challenger: null,
        challengerMode: 'none',
        canaryShare: 0,
        lastVersion: 3,
      },
    ]);
  });

  it('in the shadow changes no answer; what it would have said is logged', async () => {
    const before = await score();
    await tryOut(2, { mode: 'shadow', reason: 'to see' });
    // Told again it is no second entry in the ledger.
    expect((await challenge({ version: 2, mode: 'shadow' }).expect(409)).body.code).toBe('NOTHING_TO_MOVE');
    const answers = await Promise.all(keys.slice(0, 50).map((key) => score(key)));
    for (const { probability, verdict, model } of answers) {
      expect([probability, verdict, model]).toEqual([before.probability, 'malicious', before.model]);
    }
    await models.sandbox.withDatabase(async (db) => {
      const logged = await eventually(async () => {
        const ids = answers.map(({ id }) => id);
        const found = await db
          .collection<{ _id: string }>('predictions')
          .find({ _id: { $in: ids } })
          .toArray();
        return found.length === ids.length && found;
      });
      for (const prediction of logged) {
        expect(prediction).toMatchObject({
          version: 1,
          servedBy: 'champion',
          verdict: 'malicious',
          shadow: { version: 2, verdict: 'benign' },
        });
      }
    });
  });

  it('as a canary answers its share of the keys, always the same, and says so', async () => {
    await tryOut(2, { mode: 'canary', share: 0.1 });
    const canaries = new Set<string>();
    for (let i = 0; i < keys.length; i += 50) {
      const part = keys.slice(i, i + 50);
      const answers = await Promise.all(part.map((key) => score(key)));
      answers.forEach(({ verdict, model }, j) => {
        expect([verdict, model.version]).toEqual(
          model.servedBy === 'challenger' ? ['benign', 2] : ['malicious', 1],
        );
        if (model.servedBy === 'challenger') canaries.add(part[j]);
      });
    }
    // Four standard deviations of a binomial with n = 1,000 and p = 0.1.
    expect(Math.abs(canaries.size - 100)).toBeLessThan(38);
    const again = await Promise.all(keys.slice(0, 100).map((key) => score(key, replica)));
    again.forEach(({ model }, i) => expect(model.servedBy === 'challenger').toBe(canaries.has(keys[i])));
  });

  it('that is promoted is a challenger no more, and the ledger tells all of it', async () => {
    await models.serveEverywhere(2);
    await stateOf(server, ({ challenger }) => challenger === null);
    expect((await score()).model).toMatchObject({ version: 2, servedBy: 'champion' });
    const { body } = await request(server.url).get(`${tinyModels}/deployments?pageSize=3`).expect(200);
    expect(body.items).toMatchObject([
      { alias: 'champion', kind: 'promote', from: 1, to: 2 },
      {
        alias: 'challenger',
        kind: 'challenge',
        from: 2,
        to: 2,
        mode: 'canary',
        share: 0.1,
        actor: 'anonymous',
      },
      { alias: 'challenger', kind: 'challenge', from: null, to: 2, mode: 'shadow', reason: 'to see' },
    ]);
    await models.serveEverywhere(1);
  });

  it('is named and dismissed by the command line', async () => {
    const run = (...args: string[]): ReturnType<typeof cli> =>
      cli(['models', 'challenge', 'tiny', ...args], models.env);
    const named = await run('2', '--mode', 'canary', '--share', '.25', '--reason', 'again');
    expect([named.code, named.stdout]).toEqual([
      0,
      'challenge: the challenger of tiny was unset and is version 2 now, a canary that answers 25 % of the traffic\n',
    ]);
    await stateOf(server, ({ challenger }) => challenger?.share === 0.25);
    expect(await run('2')).toMatchObject({ code: 2, stderr: expect.stringContaining('--mode: is needed') });
    expect((await run('none')).stdout).toContain('was version 2 and is unset now');
    await stateOf(server, ({ challenger }) => challenger === null);
  });

  it('that is damaged hurts nobody, and readiness says so; nor does it as the champion', async () => {
    await damageBundle(models.sandbox, 3);
    await tryOut(3, { mode: 'canary', share: 1 });
    const refused = 'version 3 is refused: its bytes do not have the digest they were stored under.';
    for (const by of [server, replica]) {
      const state = await stateOf(by, ({ challenger }) => challenger?.problem !== null);
      expect(state.challenger?.problem).toBe(`${refused} Version 1 answers alone.`);
      expect((await score('any', by)).model).toMatchObject({ version: 1, servedBy: 'champion' });
    }
    await request(server.url).post(`${tinyModels}/promote`).send({ version: 3 }).expect(200);
    for (const by of [server, replica]) {
      const state = await stateOf(by, ({ champion }) => champion === 3);
      expect(state).toMatchObject({
        serving: 1,
        problem: `${refused} Version 1 goes on serving.`,
        challenger: null,
      });
      expect((await score('any', by)).model).toMatchObject({ version: 1, servedBy: 'champion' });
    }
  });
});
