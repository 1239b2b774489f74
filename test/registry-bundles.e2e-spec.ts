import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import request from 'supertest';
import { cli, eventually, Sandbox, Server, someRows } from './support/program.js';
import { trainedSandbox } from './support/trained.js';

const versions = '/v1/admin/models/phishing-website/versions';

describe('model bundles', () => {
  let home: Sandbox;
  let away: Sandbox;
  let source: Server;
  let target: Server;
  let bundle: Buffer;
  let digest: string;

  const send = (body: Buffer, query = '', type = 'application/octet-stream'): request.Test =>
    request(target.url).post(`${versions}${query}`).set('content-type', type).send(body);

  beforeAll(async () => {
    [home, away] = [await trainedSandbox({ without: ['records'] }), new Sandbox()];
    [source, target] = await Promise.all([
      Server.start(home.env),
      Server.start({ ...away.env, BUNDLE_LIMIT_MB: '8' }),
    ]);
  });

  afterAll(async () => {
    await Promise.all([source?.stop(), target?.stop()]);
    await Promise.all([home.remove(), away.remove()]);
  });

  it('are downloaded with the digest of what was stored', async () => {
    const { sha256, size } = (await request(source.url).get(`${versions}/1`)).body;
    const download = await request(source.url)
      .get(`${versions}/1/bundle`)
      .responseType('blob')
      .expect(200)
      .expect('content-type', 'application/octet-stream')
      .expect('content-length', String(size))
      .expect('content-disposition', 'attachment; filename="phishing-website-1.bundle"');
    bundle = download.body;
    digest = download.headers['content-digest'];
    expect(digest).toBe(`sha-256=:${createHash('sha256').update(bundle).digest('base64')}:`);
    expect(createHash('sha256').update(bundle).digest('hex')).toBe(sha256);
    await request(source.url).get(`${versions}/9/bundle`).expect(404);
  });

  it('are refused for what is wrong with them, and nothing is stored', async () => {
    const flipped = Buffer.from(bundle);
    flipped[5000] ^= 1;
    for (const [body, status, code, detail] of [
      [Buffer.from('hello'), 422, 'BUNDLE_REFUSED', 'does not begin like a model bundle'],
      [Buffer.alloc(0), 422, 'BUNDLE_REFUSED', 'does not begin like a model bundle'],
      [bundle.subarray(0, 9999), 422, 'BUNDLE_REFUSED', 'cut off or damaged'],
      [flipped, 422, 'BUNDLE_REFUSED', 'cut off or damaged'],
      [Buffer.alloc(8 * 2 ** 20 + 1), 413, 'INPUT_TOO_LARGE', 'larger than 8 MB'],
    ] as const) {
      const { body: problem } = await send(body).expect(status);
      expect(problem).toMatchObject({ code, detail: expect.stringContaining(detail) });
    }
    const wrongDigest = await send(bundle)
      .set('content-digest', `sha-256=:${'A'.repeat(43)}=:`)
      .expect(400);
    expect(wrongDigest.body.code).toBe('DIGEST_MISMATCH');
    expect((await send(bundle, '', 'text/csv').expect(415)).body.code).toBe('MEDIA_TYPE_UNSUPPORTED');
    await request(target.url).post(versions).send({ bundle: 'here' }).expect(415);
    expect((await send(bundle, '?sourceVersion=first').expect(400)).body.errors[0].path).toBe(
      'sourceVersion',
    );
    const elsewhere = '/v1/admin/models/nothing/versions';
    await request(target.url).post(elsewhere).type('application/octet-stream').send(bundle).expect(404);
    expect((await request(target.url).get(versions)).body.total).toBe(0);
    const files = await away.withDatabase((db) => db.collection('bundles.files').countDocuments());
    expect(files).toBe(0);
  });

  it('become a version once, however often and from however many they are sent', async () => {
    const answers = await Promise.all(
      [1, 2, 3].map(() => send(bundle, '?source=headquarters&sourceVersion=1').set('content-digest', digest)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
    const made = answers.find(({ status }) => status === 201)!.body;
    for (const { body } of answers) expect(body).toEqual(made);
    const { sha256, metrics, thresholds } = (await request(source.url).get(`${versions}/1`)).body;
    expect(made).toMatchObject({ sha256, metrics, thresholds, candidate: 'random-forest' });
    expect(made.lineage).toMatchObject({
      run: `import/phishing-website/${sha256}`,
      fingerprint: null,
      rows: someRows,
      imported: { source: 'headquarters', version: 1, sha256, by: 'anonymous' },
    });
    expect((await send(bundle).expect(200)).body.version).toBe(made.version);
    expect((await request(target.url).get(versions)).body.total).toBe(1);
  });

  it('serve where they were imported, with the same answers', async () => {
    const { version } = (await request(target.url).get(versions)).body.items[0];
    const move = { version, expectedChampion: null };
    await request(target.url).post('/v1/admin/models/phishing-website/promote').send(move).expect(200);
    const body = { record: (await import('../src/common/examples.js')).phishingExample };
    const score = (server: Server): Promise<number> =>
      eventually(async () => {
        const answer = await request(server.url).post('/v1/score/phishing-website').send(body);
        return answer.status === 200 && answer.body.probability;
      });
    expect(await score(target)).toBe(await score(source));
    const card = await request(target.url).get(`${versions}/${version}/card`).set('accept', 'text/markdown');
    expect(card.text).toMatch(/import\/phishing-website\/[0-9a-f]{64}/);
    expect(card.text).not.toMatch(/undefined|null|NaN/);
  });

  it('go out and in by the command line', async () => {
    const file = join(home.folder, 'one.bundle');
    const run = (env: Sandbox, ...args: string[]): ReturnType<typeof cli> =>
      cli(['models', ...args], env.env);
    expect((await run(home, 'export', 'phishing-website', '1', file)).code).toBe(0);
    expect(readFileSync(file).equals(bundle)).toBe(true);
    const known = await run(away, 'import', 'phishing-website', file, '--json');
    expect(JSON.parse(known.stdout)).toMatchObject({ created: false, size: bundle.length });
    const own = await run(home, 'import', 'phishing-website', file);
    expect(own.stdout).toContain('version 1 of phishing-website has this bundle already');

    const wrong = join(home.folder, 'wrong.bundle');
    writeFileSync(wrong, 'not a bundle');
    const refused = await run(home, 'import', 'phishing-website', wrong);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('does not begin like a model bundle');
    expect((await run(home, 'import', 'phishing-website', join(home.folder, 'none'))).code).toBe(2);
    const nowhere = join(home.folder, 'no', 'where');
    expect((await run(home, 'export', 'phishing-website', '1', nowhere)).code).toBe(2);
  });
});
