import request from 'supertest';
import { phishingExample } from '../src/common/examples.js';
import { DatabaseLine } from './support/database-line.js';
import { Guarded, idOf, type Role, secretOf } from './support/guarded.js';
import { cli, eventually, freshCli, Server } from './support/program.js';

describe('an API key', () => {
  let guarded: Guarded;
  let server: Server;
  let keys: Record<Role, string>;

  beforeAll(async () => {
    guarded = await Guarded.open();
    ({ server, keys } = guarded);
  });
  afterAll(() => guarded?.close());

  it('shows a key once, and stores no more than its digest', async () => {
    const { body, headers } = await request(server.url)
      .post('/v1/admin/keys')
      .set('x-api-key', keys.admin)
      .send({ name: 'siem', role: 'scorer', detectors: ['phishing-website'] })
      .expect(201);
    expect(headers['cache-control']).toBe('no-store');
    expect(body).toMatchObject({ name: 'siem', role: 'scorer', createdBy: 'key a admin' });
    expect(await guarded.statusOf(body.key, '/v1/admin/models')).toBe(200);
    const listed = await request(server.url).get('/v1/admin/keys').set('x-api-key', keys.admin).expect(200);
    const stored = await guarded.sandbox.withDatabase((db) => db.collection('api_keys').find().toArray());
    for (const text of [listed.text, JSON.stringify(stored)]) {
      for (const key of [body.key, ...Object.values(keys)]) {
        expect(text).toContain(idOf(key));
        expect(text).not.toContain(secretOf(key));
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
    // Null is not what is left out: it would be a key for all detectors, without an end.
    [{ name: 'a', role: 'viewer', detectors: null }, 'detectors'],
    [{ name: 'a', role: 'viewer', expiresAt: null }, 'expiresAt'],
    [{ name: 'a', role: 'viewer', expiresAt: '2001-01-01' }, 'expiresAt'],
    [{ name: 'a', role: 'viewer', expiresAt: 4e12 }, 'expiresAt'],
    [{ name: 'a', role: 'viewer', expiresAt: { toString: 1 } }, 'expiresAt'],
    [{ name: { constructor: 1 }, role: 'viewer' }, 'name'],
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
      .send({ name: 'short', role: 'viewer', expiresAt: new Date(Date.now() + 4000) })
      .expect(201);
    expect(await guarded.statusOf(body.key, '/v1/admin/models')).toBe(200);
    await eventually(async () => (await guarded.statusOf(body.key, '/v1/admin/models')) === 401, 10_000);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(body.expiresAt));
  });

  it('ends on every replica within two seconds of revoking the key', async () => {
    const replica = await Server.start(guarded.env);
    const key = await guarded.netwarden('keys', 'create', 'leaver', '--role', 'viewer');
    expect(await guarded.statusOf(key, '/v1/admin/models', replica)).toBe(200);
    const revoked = await request(server.url)
      .delete(`/v1/admin/keys/${idOf(key)}`)
      .set('x-api-key', keys.admin)
      .expect(200);
    const at = Date.now();
    expect(revoked.body).toMatchObject({ name: 'leaver', revokedAt: expect.any(String) });
    expect(await guarded.statusOf(key, '/v1/admin/models')).toBe(401);
    await eventually(async () => (await guarded.statusOf(key, '/v1/admin/models', replica)) === 401);
    // Two seconds, and one for a machine that does other things besides.
    expect(Date.now() - at).toBeLessThan(3000);
    await replica.stop();
  });

  it('goes on with the keys that were seen before while the database is away', async () => {
    const line = await DatabaseLine.open(guarded.env.MONGODB_URI);
    const cut = await Server.start({ ...guarded.env, MONGODB_URI: line.uri });
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
        expect(performance.now() - start).toBeLessThan(3000); // To look for the database takes 4 s.
      }
      expect((await score(keys.trainer)).status).toBe(503);
      expect((await score('nonsense')).status).toBe(401);
    } finally {
      await cut.stop('SIGKILL');
      await line.close();
    }
  });

  it('leaves no key in any log line', async () => {
    await request(server.url).get(`/v1/admin/models?key=${keys.admin}`).set('x-api-key', keys.admin);
    await request(server.url).get(`/nowhere/${keys.admin}`).set('authorization', `Bearer ${keys.admin}`);
    await eventually(() => Promise.resolve(server.log.includes('/nowhere/')));
    expect(server.log).toContain(`nw_${idOf(keys.admin)}_***`);
    for (const key of Object.values(keys)) expect(server.log).not.toContain(secretOf(key));
  });

  describe('from the command line', () => {
    it('makes, lists and revokes keys', async () => {
      const made = await cli(
        ['keys', 'create', 'nightly job', '--role', 'trainer', '--expires', '90d'],
        guarded.env,
      );
      expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^nw_[0-9a-f]{12}_[\w-]{43}\n$/) });
      expect(made.stderr).toContain('nightly job, trainer until');
      const key = made.stdout.trim();
      expect(await guarded.statusOf(key, '/v1/training-runs')).toBe(200);

      const { items } = JSON.parse(await guarded.netwarden('keys', 'list', '--json'));
      expect(items[0]).toMatchObject({
        _id: idOf(key),
        role: 'trainer',
        createdBy: expect.stringMatching(/^cli \w/),
      });
      expect(Date.parse(items[0].expiresAt) - Date.now()).toBeGreaterThan(89 * 86_400_000);
      expect(await guarded.netwarden('keys', 'list')).toContain('nightly job');

      expect(await guarded.netwarden('keys', 'revoke', idOf(key))).toContain('is revoked');
      await eventually(async () => (await guarded.statusOf(key, '/v1/training-runs')) === 401);
    });

    it.each([
      [['create', 'x'], /--role/],
      [['create', 'x', '--role', 'root'], /Allowed choices are viewer, scorer, trainer, admin/],
      [['create', 'x;y', '--role', 'viewer'], /1 to 80 letters/],
      [['create', 'x', '--role', 'viewer', '--expires', 'soon'], /days from now/],
      [['create', 'x', '--role', 'viewer', '--detectors', 'phishing-sites'], /phishing-website/],
      [['revoke', 'nothing'], /no API key 'nothing'/],
    ])('says what is wrong with keys %j', async (args, reason) => {
      const { code, stdout, stderr } = await cli(['keys', ...args], guarded.env);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(reason);
    });

    it('refuses to start without keys where others could reach it', async () => {
      const { code, stderr } = await freshCli(['serve'], { ...guarded.env, AUTH: 'off', HOST: '0.0.0.0' });
      expect(code).toBe(2);
      expect(stderr).toMatch(/AUTH: off is for HOST=127\.0\.0\.1 only/);
    });
  });
});
