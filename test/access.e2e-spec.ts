import { statSync } from 'node:fs';
import request from 'supertest';
import { phishingExample } from '../src/common/examples.js';
import { cli, type Env, eventually, type Sandbox, Server } from './support/program.js';
import { DatabaseLine } from './support/database-line.js';
import { trainedSandbox } from './support/trained.js';

const roles = ['viewer', 'scorer', 'trainer', 'admin'] as const;
type Role = (typeof roles)[number];

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly operationId: string;
  readonly 'x-required-role'?: Role | 'public';
  readonly responses: Record<string, unknown>;
  readonly security?: object[];
}

describe('access', () => {
  let sandbox: Sandbox;
  let env: Env;
  let server: Server;
  let replica: Server;
  const keys = {} as Record<Role, string>;

  const netwarden = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await cli(args, env);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    return stdout.trim();
  };
  const statusOf = async (key: string, path: string, at = server): Promise<number> =>
    (await request(at.url).get(path).set('x-api-key', key)).status;

  beforeAll(async () => {
    sandbox = await trainedSandbox();
    env = { ...sandbox.env, AUTH: 'on', LOG_LEVEL: 'trace' };
    [server, replica] = await Promise.all([Server.start(env), Server.start(env)]);
    for (const role of roles) keys[role] = await netwarden('keys', 'create', `a ${role}`, '--role', role);
  });

  afterAll(async () => {
    await Promise.all([server?.stop(), replica?.stop()]);
    await sandbox.remove();
  });

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
    const scoped = await netwarden(
      'keys',
      'create',
      'scoped',
      '--role',
      'admin',
      '--detectors',
      'phishing-website',
    );
    expect(await statusOf(scoped, '/v1/data/phishing-website/batches')).toBe(200);
    expect((await request(server.url).get('/v1/training-runs').set('x-api-key', scoped)).body.total).toBe(1);

    const [run] = (await request(server.url).get('/v1/training-runs').set('x-api-key', keys.viewer)).body
      .items;
    await sandbox.withDatabase((db) =>
      db
        .collection<{ _id: string }>('api_keys')
        .updateOne({ _id: idOf(scoped) }, { $set: { detectors: ['other'] } }),
    );
    await eventually(async () => (await statusOf(scoped, '/v1/data/phishing-website/batches')) === 403);
    for (const path of [
      `/v1/training-runs/${run._id}`,
      `/v1/training-runs/${run._id}/report`,
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
    await request(server.url)
      .post(`/v1/training-runs/${run._id}/cancel`)
      .set('x-api-key', scoped)
      .expect(403);
    const lists = ['/v1/training-runs', '/v1/admin/models'].map((path) =>
      request(server.url).get(path).set('x-api-key', scoped).expect(200),
    );
    const [runs, models] = await Promise.all(lists);
    expect(runs.body).toMatchObject({ items: [], total: 0 });
    expect(models.body).toEqual([]);
  });

  it('shows a key once, and stores no more than its digest', async () => {
    const { body, headers } = await request(server.url)
      .post('/v1/admin/keys')
      .set('x-api-key', keys.admin)
      .send({ name: 'siem', role: 'scorer', detectors: ['phishing-website'] })
      .expect(201);
    expect(headers['cache-control']).toBe('no-store');
    expect(body).toMatchObject({ name: 'siem', role: 'scorer', createdBy: 'key a admin' });
    expect(await statusOf(body.key, '/v1/admin/models')).toBe(200);
    const listed = await request(server.url).get('/v1/admin/keys').set('x-api-key', keys.admin).expect(200);
    const stored = await sandbox.withDatabase((db) => db.collection('api_keys').find().toArray());
    for (const text of [listed.text, JSON.stringify(stored)]) {
      for (const key of [body.key, ...Object.values(keys)]) {
        expect(text).toContain(idOf(key));
        expect(text).not.toContain(key.split('_').slice(2).join('_'));
      }
    }
    expect(listed.text).not.toContain('digest');
    expect(listed.body.items[0]).toMatchObject({ _id: idOf(body.key), lastUsedAt: expect.any(String) });
  });

  it.each([
    [{ name: '', role: 'viewer' }, 'name'],
    [{ name: 'a\nb', role: 'viewer' }, 'name'],
    [{ name: 'a', role: 'root' }, 'role'],
    [{ name: 'a', role: 'viewer', detectors: [] }, 'detectors'],
    [{ name: 'a', role: 'viewer', expiresAt: '2001-01-01' }, 'expiresAt'],
  ])('refuses to make a key of %j', async (order, path) => {
    const { body } = await request(server.url)
      .post('/v1/admin/keys')
      .set('x-api-key', keys.admin)
      .send(order)
      .expect(400);
    expect(body.errors[0].path).toBe(path);
  });

  it('ends with the date of the key', async () => {
    const { body } = await request(server.url)
      .post('/v1/admin/keys')
      .set('x-api-key', keys.admin)
      .send({ name: 'short', role: 'viewer', expiresAt: new Date(Date.now() + 1500) })
      .expect(201);
    expect(await statusOf(body.key, '/v1/admin/models')).toBe(200);
    await new Promise((wait) => setTimeout(wait, 1600));
    expect(await statusOf(body.key, '/v1/admin/models')).toBe(401);
  });

  it('ends on every replica within two seconds of revoking the key', async () => {
    const key = await netwarden('keys', 'create', 'leaver', '--role', 'viewer');
    expect(await statusOf(key, '/v1/admin/models', replica)).toBe(200);
    const revoked = await request(server.url)
      .delete(`/v1/admin/keys/${idOf(key)}`)
      .set('x-api-key', keys.admin)
      .expect(200);
    const at = Date.now();
    expect(revoked.body).toMatchObject({ name: 'leaver', revokedAt: expect.any(String) });
    expect(await statusOf(key, '/v1/admin/models')).toBe(401);
    await eventually(async () => (await statusOf(key, '/v1/admin/models', replica)) === 401);
    expect(Date.now() - at).toBeLessThan(2000);
  });

  it('goes on with the keys that were seen before while the database is away', async () => {
    const line = await DatabaseLine.open(env.MONGODB_URI);
    const cut = await Server.start({ ...env, MONGODB_URI: line.uri });
    const score = (key: string): request.Test =>
      request(cut.url)
        .post('/v1/score/phishing-website')
        .set('x-api-key', key)
        .send({ record: phishingExample });
    try {
      await score(keys.scorer).expect(200);
      line.cut();
      await new Promise((wait) => setTimeout(wait, 1500));
      for (let i = 0; i < 5; i++) {
        const start = performance.now();
        await score(keys.scorer).expect(200);
        expect(performance.now() - start).toBeLessThan(1500);
      }
      expect((await score(keys.trainer)).status).toBe(503);
      expect((await score('nonsense')).status).toBe(401);
    } finally {
      await cut.stop('SIGKILL');
      await line.close();
    }
  });

  it('writes down who changed what and who was refused', async () => {
    await request(server.url)
      .post('/v1/admin/models/phishing-website/promote')
      .set('x-api-key', keys.admin)
      .send({ version: 1, reason: 'to see the name' })
      .expect(200);
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
    const events = await eventually(async () => {
      const { items } = (await audit('?actor=key a viewer&pageSize=1')).body;
      return items[0]?.path.endsWith('/rollback') && items;
    });
    expect(events[0]).toMatchObject({
      actor: 'key a viewer',
      key: idOf(keys.viewer),
      method: 'POST',
      status: 403,
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

  it('leaves no key in any log line', async () => {
    await request(server.url).get(`/v1/admin/models?key=${keys.admin}`).set('x-api-key', keys.admin);
    await request(server.url).get(`/nowhere/${keys.admin}`).set('authorization', `Bearer ${keys.admin}`);
    await eventually(() => Promise.resolve(server.log.includes('/nowhere/')));
    expect(server.log).toContain(`nw_${idOf(keys.admin)}_***`);
    for (const key of Object.values(keys))
      expect(server.log).not.toContain(key.split('_').slice(2).join('_'));
  });

  describe('from the command line', () => {
    it('makes, lists and revokes keys', async () => {
      const made = await cli(['keys', 'create', 'nightly job', '--role', 'trainer', '--expires', '90d'], env);
      expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^nw_[0-9a-f]{12}_[\w-]{43}\n$/) });
      expect(made.stderr).toContain('nightly job, trainer until');
      const key = made.stdout.trim();
      expect(await statusOf(key, '/v1/training-runs')).toBe(200);

      const { items } = JSON.parse(await netwarden('keys', 'list', '--json'));
      expect(items[0]).toMatchObject({
        _id: idOf(key),
        role: 'trainer',
        createdBy: expect.stringMatching(/^cli \w/),
      });
      expect(Date.parse(items[0].expiresAt) - Date.now()).toBeGreaterThan(89 * 86_400_000);
      expect(await netwarden('keys', 'list')).toContain('nightly job');

      expect(await netwarden('keys', 'revoke', idOf(key))).toContain('is revoked');
      await eventually(async () => (await statusOf(key, '/v1/training-runs')) === 401);
    });

    it.each([
      [['create', 'x'], /--role/],
      [['create', 'x', '--role', 'root'], /Allowed choices are viewer, scorer, trainer, admin/],
      [['create', 'x;y', '--role', 'viewer'], /1 to 80 letters/],
      [['create', 'x', '--role', 'viewer', '--expires', 'soon'], /days from now/],
      [['create', 'x', '--role', 'viewer', '--detectors', 'phishing-sites'], /phishing-website/],
      [['revoke', 'nothing'], /no API key 'nothing'/],
    ])('says what is wrong with keys %j', async (args, reason) => {
      const { code, stdout, stderr } = await cli(['keys', ...args], env);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(reason);
    });

    it('refuses to start without keys where others could reach it', async () => {
      const { code, stderr } = await cli(['serve'], { ...env, AUTH: 'off', HOST: '0.0.0.0' });
      expect(code).toBe(2);
      expect(stderr).toMatch(/AUTH: off is for HOST=127\.0\.0\.1 only/);
    });
  });

  it('writes no admin key for a database of MONGODB_URI', () => {
    expect(() => statSync(`${sandbox.folder}/admin.key`)).toThrow('ENOENT');
    expect(server.log).not.toContain('admin API key');
  });
});

function idOf(key: string): string {
  return key.split('_')[1];
}
