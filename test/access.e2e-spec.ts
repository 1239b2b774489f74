import { statSync } from 'node:fs';
import request from 'supertest';
import { phishingExample } from '../src/common/examples.js';
import {
  addressOf,
  another,
  bodyOfNothing,
  isDetectorRule,
  named,
  type Operation,
  refusal,
  type Scope,
  scopes,
} from './support/access-matrix.js';
import { Guarded, idOf, type Role, roles } from './support/guarded.js';
import { eventually, type Server } from './support/program.js';

describe('access', () => {
  let guarded: Guarded;
  let server: Server;
  let keys: Record<Role, string>;

  beforeAll(async () => {
    guarded = await Guarded.open();
    ({ server, keys } = guarded);
  });
  afterAll(() => guarded?.close());

  describe('of every route of the OpenAPI document', () => {
    let operations: Operation[];

    /** Asks for something that is not there, so that nothing is changed by who is let through. */
    const ask = ({ method, path }: Operation, headers: Record<string, string>): request.Test => {
      const url = path.replace('{version}', '999').replaceAll(/\{\w+\}/g, 'nothing');
      const asked = request(server.url)[method as 'get'](url).set(headers);
      return ['post', 'put', 'patch'].includes(method) ? asked.send({ detector: 'nothing' }) : asked;
    };

    beforeAll(async () => {
      const { body } = await request(server.url).get('/docs/openapi.json').expect(200);
      operations = Object.entries<Record<string, Operation>>(body.paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, operation]) => ({ ...operation, method, path })),
      );
      expect(operations.length).toBeGreaterThanOrEqual(21);
    });

    it('has a rule, which the document tells', () => {
      for (const { operationId, 'x-required-role': rule, responses, security } of operations) {
        expect({ operationId, rule }).toEqual({
          operationId,
          rule: expect.stringMatching(/^(public|viewer|scorer|trainer|admin)$/),
        });
        if (rule === 'public') continue;
        expect({ operationId, security }).toEqual({
          operationId,
          security: [{ 'x-api-key': [] }, { bearer: [] }],
        });
        expect(Object.keys(responses)).toEqual(expect.arrayContaining(['401', '403']));
      }
      const open = operations.filter((operation) => operation['x-required-role'] === 'public');
      expect(open.map(({ path }) => path).sort()).toEqual(['/health/live', '/health/ready']);
    });

    it('is open or refuses who has no key, or one that is not valid', async () => {
      const damaged = keys.admin.slice(0, -1) + (keys.admin.endsWith('A') ? 'E' : 'A');
      for (const operation of operations) {
        const { operationId, 'x-required-role': rule } = operation;
        for (const [headers, code] of [
          [{}, 'KEY_MISSING'],
          [{ 'x-api-key': damaged }, 'KEY_REFUSED'],
          [{ authorization: 'Bearer nonsense' }, 'KEY_REFUSED'],
        ] as const) {
          const answer = await ask(operation, headers);
          // 503 from readiness is an answer, too.
          if (rule === 'public') expect([200, 503]).toContain(answer.status);
          else {
            expect({ operationId, code: answer.body.code }).toEqual({ operationId, code });
            expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, 'Bearer']);
          }
        }
      }
    });

    it.each(roles)('lets a %s do what the role covers, and nothing else', async (role) => {
      for (const operation of operations) {
        const { operationId, 'x-required-role': rule } = operation;
        const { status, body } = await ask(operation, { authorization: `Bearer ${keys[role]}` });
        const covered = rule === 'public' || roles.indexOf(rule!) <= roles.indexOf(role);
        if (covered) {
          expect({ operationId, status, refused: [401, 403].includes(status) }).toMatchObject({
            refused: false,
          });
          expect(status).not.toBe(500);
        } else
          expect({ operationId, status, code: body.code }).toEqual({
            operationId,
            status: 403,
            code: 'ROLE_TOO_LOW',
          });
      }
    });
  });

  describe('of every route, by role and by the detectors of the key,', () => {
    const matrix = new Map<string, string>();
    let operations: Operation[];
    let prediction: string;
    let run: string;

    const keyOf = (role: Role, scope: Scope): string => matrix.get(`${role} ${scope}`)!;
    const ask = (
      method: string,
      address: string,
      key: string,
      body: object = bodyOfNothing,
    ): request.Test => {
      const asked = request(server.url)[method as 'get'](address).set('x-api-key', key);
      return ['post', 'put', 'patch'].includes(method) ? asked.send(body) : asked;
    };
    /** Of routes that look at the body before they look for the id. */
    const soundBodies: Record<string, object> = { giveFeedback: { label: 'benign' } };
    const owned = (): Operation[] => operations.filter(({ 'x-detectors': rule }) => rule === 'own');

    beforeAll(async () => {
      const { body } = await request(server.url).get('/docs/openapi.json').expect(200);
      operations = Object.entries<Record<string, Operation>>(body.paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, operation]) => ({ ...operation, method, path })),
      );
      const order = (path: string, sent: object): request.Test =>
        request(server.url).post(path).set('x-api-key', keys.admin).send(sent);
      for (const role of roles) {
        for (const scope of scopes) {
          const detectors = scope === null ? {} : { detectors: [scope] };
          const made = await order('/v1/admin/keys', { name: `a ${role} of ${scope}`, role, ...detectors });
          matrix.set(`${role} ${scope}`, made.body.key as string);
        }
      }
      const scored = await order(`/v1/score/${named}`, { record: phishingExample }).expect(200);
      prediction = scored.body.id;
      await eventually(
        async () => (await guarded.statusOf(keys.viewer, `/v1/predictions/${prediction}`)) === 200,
      );
      const runs = await ask('get', `/v1/training-runs?detector=${named}`, keys.viewer);
      run = runs.body.items[0].id;
    });

    it('the document tells for each that is not public which detectors it is about', () => {
      const untold = operations
        .filter((operation) => operation['x-required-role'] !== 'public')
        .filter((operation) => !isDetectorRule(operation['x-detectors']))
        .map(({ operationId }) => operationId);
      expect(untold).toEqual([]);
    });

    it.each(
      roles.flatMap((role) => scopes.map((scope) => [role, scope ?? 'every detector', scope] as const)),
    )(
      'a key of role %s for %s is let through where role and detectors cover it, and refused with the reason elsewhere',
      async (role, _, scope) => {
        const wrong: object[] = [];
        for (const operation of operations) {
          const { operationId, method } = operation;
          const { status, body } = await ask(method, addressOf(operation), keyOf(role, scope));
          const expected = refusal(operation, role, scope);
          const refused = [401, 403].includes(status) ? (body.code as string) : null;
          if (refused !== expected || status === 500) wrong.push({ operationId, expected, refused, status });
        }
        expect(wrong).toEqual([]);
      },
    );

    it('what belongs to another detector is as unknown as what is not there, in each route that is about one own', async () => {
      const wrong: object[] = [];
      expect(owned()).not.toEqual([]);
      for (const { operationId, method, path } of owned()) {
        if (!path.includes('{id}')) continue;
        const there = path.startsWith('/v1/predictions/') ? prediction : run;
        const nowhere = '00000000-0000-4000-8000-000000000000';
        const [hidden, unknown] = await Promise.all(
          [there, nowhere].map(async (id) => {
            const answer = await ask(
              method,
              path.replace('{id}', id),
              keyOf('admin', another),
              soundBodies[operationId],
            );
            const { requestId, ...problem } = answer.body as Record<string, unknown>;
            expect(requestId).toBe(answer.headers['x-request-id']);
            return { status: answer.status, text: JSON.stringify(problem).replaceAll(id, 'the id') };
          }),
        );
        if (hidden.status !== 404 || hidden.text !== unknown.text)
          wrong.push({ operationId, hidden, unknown });
      }
      expect(wrong).toEqual([]);
    });

    it('a list shows a limited key nothing of another detector, in each route that is about its own', async () => {
      const telling: string[] = [];
      expect(owned()).not.toEqual([]);
      for (const { operationId, method, path } of owned()) {
        if (path.includes('{')) continue;
        const { status, text } = await ask(method, path, keyOf('admin', another));
        if (status === 200 && text.includes(named)) telling.push(operationId);
      }
      expect(telling).toEqual([]);
    });
  });

  it('needs no key for the documentation', async () => {
    await request(server.url).get('/').expect(302).expect('location', '/docs');
    await request(server.url).get('/docs').expect(200);
  });

  it('takes an admin to promote whatever a run makes', async () => {
    const order = { detector: 'phishing-website', candidates: ['nothing'], promote: 'force' };
    const asked = (key: string): request.Test =>
      request(server.url).post('/v1/training-runs').set('x-api-key', key).send(order);
    expect((await asked(keys.trainer).expect(403)).body.detail).toMatch(
      /whatever comes out needs the role admin/,
    );
    await asked(keys.admin).expect(400);
  });

  it('keeps a key to its detectors', async () => {
    const scoped = await guarded.netwarden(
      'keys',
      'create',
      'scoped',
      '--role',
      'admin',
      '--detectors',
      'phishing-website',
    );
    expect(await guarded.statusOf(scoped, '/v1/data/phishing-website/batches')).toBe(200);
    expect((await request(server.url).get('/v1/training-runs').set('x-api-key', scoped)).body.total).toBe(1);

    const [run] = (await request(server.url).get('/v1/training-runs').set('x-api-key', keys.viewer)).body
      .items;
    await guarded.sandbox.withDatabase((db) =>
      db
        .collection<{ _id: string }>('api_keys')
        .updateOne({ _id: idOf(scoped) }, { $set: { detectors: ['other'] } }),
    );
    await eventually(
      async () => (await guarded.statusOf(scoped, '/v1/data/phishing-website/batches')) === 403,
    );
    // Whether a run of another detector exists is not told either.
    for (const path of ['', '/report', '/events']) {
      for (const id of [run.id, 'nothing']) {
        const { status, body } = await request(server.url)
          .get(`/v1/training-runs/${id}${path}`)
          .set('x-api-key', scoped);
        expect({ path, status, code: body.code, detail: body.detail }).toEqual({
          path,
          status: 404,
          code: 'RUN_UNKNOWN',
          detail: `There is no training run '${id}'. GET /v1/training-runs lists them.`,
        });
      }
    }
    for (const path of [
      '/v1/training-runs?detector=phishing-website',
      '/v1/admin/models/phishing-website/versions',
      '/v1/admin/keys',
      '/v1/admin/audit',
    ]) {
      const { status, body } = await request(server.url).get(path).set('x-api-key', scoped);
      expect({ path, status, code: body.code }).toEqual({ path, status: 403, code: 'DETECTOR_OUT_OF_SCOPE' });
    }
    const score = request(server.url).post('/v1/score/phishing-website').set('x-api-key', scoped);
    await score.send({ record: phishingExample }).expect(403);
    const train = request(server.url).post('/v1/training-runs').set('x-api-key', scoped);
    await train.send({ detector: 'phishing-website' }).expect(403);
    await request(server.url).post(`/v1/training-runs/${run.id}/cancel`).set('x-api-key', scoped).expect(404);
    const lists = ['/v1/training-runs', '/v1/admin/models'].map((path) =>
      request(server.url).get(path).set('x-api-key', scoped).expect(200),
    );
    const [runs, models] = await Promise.all(lists);
    expect(runs.body).toMatchObject({ items: [], total: 0 });
    expect(models.body).toEqual([]);
  });

  it('writes down who changed what and who was refused', async () => {
    await request(server.url)
      .post('/v1/admin/models/phishing-website/promote')
      .set('x-api-key', keys.admin)
      .send({ version: 1, reason: 'to see the name' })
      .expect(200);
    const before = new Date();
    await request(server.url)
      .post('/v1/admin/models/phishing-website/rollback')
      .set('x-api-key', keys.viewer)
      .send({ version: 1 })
      .expect(403);
    const ledger = await request(server.url)
      .get('/v1/admin/models/phishing-website/deployments')
      .set('x-api-key', keys.viewer);
    expect(ledger.body.items[0]).toMatchObject({ actor: 'key a admin', reason: 'to see the name' });
    const audit = (query = ''): request.Test =>
      request(server.url).get(`/v1/admin/audit${query}`).set('x-api-key', keys.admin).expect(200);
    // Refusals at one route within a minute are one event, whose path is that of the first.
    const refused = await eventually(async () => {
      const { items } = (await audit('?actor=key a viewer&pageSize=200')).body;
      return items.find(
        ({ path, lastAt }: { path: string; lastAt: string }) =>
          path.endsWith('/rollback') && new Date(lastAt) >= before,
      );
    });
    expect(refused).toMatchObject({
      actor: 'key a viewer',
      key: idOf(keys.viewer),
      method: 'POST',
      status: 403,
      count: expect.any(Number),
    });
    const { items } = (await audit()).body;
    expect(items).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          actor: 'key a admin',
          path: '/v1/admin/models/phishing-website/promote',
          status: 200,
        }),
      ]),
    );
    const scored = items.filter(({ path }: { path: string }) => path.startsWith('/v1/score'));
    for (const { status } of scored) expect([401, 403]).toContain(status);
  });

  it('writes no admin key for a database of MONGODB_URI', () => {
    expect(() => statSync(`${guarded.sandbox.folder}/admin.key`)).toThrow('ENOENT');
    expect(server.log).not.toContain('admin API key');
  });
});
