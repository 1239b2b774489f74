import request from 'supertest';
import { championOf, servedBy } from './support/models.js';
import { cli, eventually, type Sandbox, Server } from './support/program.js';
import { trainedSandbox } from './support/trained.js';

const models = '/v1/admin/models/phishing-website';

interface Entry {
  readonly move: number;
  readonly alias: string;
  readonly kind: string;
  readonly from: number | null;
  readonly to: number;
  readonly at: string;
}

describe('the ledger', () => {
  let sandbox: Sandbox;
  let server: Server;
  let replica: Server;

  const post = (action: string, body: object, by = server): request.Test =>
    request(by.url).post(`${models}/${action}`).send(body);
  const champion = (by = server): Promise<number | null> => championOf(by, 'phishing-website');
  const ledger = async (): Promise<Entry[]> =>
    (await request(server.url).get(`${models}/deployments?pageSize=200`)).body.items.reverse();
  const served = async (at: string): Promise<{ version: number | null; deployment: Entry | null }> =>
    (await request(server.url).get(`${models}/deployments/served?at=${at}`).expect(200)).body;
  /** Versions that differ in their number alone. */
  const copyVersion = (...numbers: number[]): Promise<void> =>
    sandbox.withDatabase(async (db) => {
      const versions = db.collection<{ _id: string; version: number; lineage: object }>('model_versions');
      const original = (await versions.findOne({ version: 1 }))!;
      for (const version of numbers) {
        const [_id, lineage] = [`phishing-website/${version}`, { run: `copy ${version}` }];
        await versions.insertOne({ ...original, _id, version, lineage });
      }
    });

  beforeAll(async () => {
    sandbox = await trainedSandbox({ without: ['records'] });
    await copyVersion(2, 3);
    [server, replica] = await Promise.all([Server.start(sandbox.env), Server.start(sandbox.env)]);
  });

  afterAll(async () => {
    await Promise.all([server?.stop(), replica?.stop()]);
    await sandbox.remove();
  });

  it('has nothing of a dry run, which says what would happen', async () => {
    const before = await ledger();
    const promote = await post('promote', { version: 2, expectedChampion: 1, dryRun: true }).expect(200);
    expect(promote.body).toEqual({
      dryRun: true,
      detector: 'phishing-website',
      alias: 'champion',
      kind: 'promote',
      from: 1,
      to: 2,
      checks: [{ name: 'loads', passed: true, message: 'version 2 loads and reproduces its self-test' }],
    });
    const back = await post('rollback', { version: 3, dryRun: true }).expect(200);
    expect(back.body).toMatchObject({ kind: 'rollback', from: 1, to: 3 });
    const stale = await post('promote', { version: 2, expectedChampion: 3, dryRun: true }).expect(409);
    expect(stale.body).toMatchObject({ code: 'CHAMPION_CHANGED', actualChampion: 1 });
    await post('promote', { version: 9, dryRun: true }).expect(404);
    expect((await post('rollback', { dryRun: true }).expect(409)).body.code).toBe('NOTHING_TO_ROLL_BACK');
    expect([await ledger(), await champion()]).toEqual([before, 1]);
  });

  it('says what served at a time, and leads back to it', async () => {
    await post('promote', { version: 2, expectedChampion: 1, reason: 'try' }).expect(200);
    await post('promote', { version: 3, expectedChampion: 2 }).expect(200);
    const stale = await post('promote', { version: 1, expectedChampion: 2 }).expect(409);
    expect(stale.body).toMatchObject({ code: 'CHAMPION_CHANGED', actualChampion: 3 });
    const [first, second, third] = (await ledger()).filter(({ alias }) => alias === 'champion');
    expect(await served(first.at)).toMatchObject({ version: 1, deployment: { move: first.move } });
    expect(await served(second.at)).toMatchObject({ version: 2, deployment: { from: 1, reason: 'try' } });
    expect(await served(third.at)).toMatchObject({ version: 3 });
    const justBefore = new Date(new Date(first.at).getTime() - 1).toISOString();
    expect(await served(justBefore)).toEqual({
      detector: 'phishing-website',
      at: justBefore,
      version: null,
      deployment: null,
    });
    await request(server.url).get(`${models}/deployments/served?at=then`).expect(400);

    const back = await post('rollback', { servedAt: second.at, reason: 'as it was' }).expect(200);
    expect(back.body).toMatchObject({ kind: 'rollback', from: 3, to: 2, reason: 'as it was' });
    const never = await post('rollback', { servedAt: justBefore }).expect(409);
    expect(never.body).toMatchObject({
      code: 'NOTHING_TO_ROLL_BACK',
      detail: expect.stringContaining(justBefore),
    });
    expect(
      (await post('rollback', { servedAt: second.at, version: 1 }).expect(400)).body.errors[0].path,
    ).toBe('servedAt');
    const previous = await post('rollback', { expectedChampion: 2 }).expect(200);
    expect(previous.body).toMatchObject({ from: 2, to: 1 });
  });

  it('stays a chain under 20 promotes and rollbacks at once over two servers, which both follow it', async () => {
    const before = (await ledger()).length;
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => {
        const by = i % 2 === 0 ? server : replica;
        const version = 1 + (i % 3);
        if (i % 4 === 3) return post('rollback', i % 8 === 3 ? {} : { version }, by);
        return post('promote', { version, ...(i % 5 === 0 && { expectedChampion: 1 }) }, by);
      }),
    );
    for (const { status, body } of answers) {
      expect([200, 'CHAMPION_CHANGED', 'NOTHING_TO_ROLL_BACK']).toContain(status === 200 ? 200 : body.code);
    }
    const made = answers.filter(({ status }) => status === 200).map(({ body }) => body as Entry);
    expect(made.length).toBeGreaterThanOrEqual(10);

    const entries = await ledger();
    expect(entries).toHaveLength(before + made.length);
    expect(entries.map(({ move }) => move)).toEqual(entries.map((_, i) => i + 1));
    const moves = entries.filter(({ alias }) => alias === 'champion');
    for (let i = 1; i < moves.length; i++) {
      expect(moves[i].from).toBe(moves[i - 1].to);
      expect(new Date(moves[i].at).getTime()).toBeGreaterThanOrEqual(new Date(moves[i - 1].at).getTime());
    }
    for (const answer of made) expect(entries[answer.move - 1]).toMatchObject(answer);
    const last = moves.at(-1)!.to;
    expect([await champion(server), await champion(replica)]).toEqual([last, last]);
    for (const by of [server, replica]) {
      await eventually(async () => (await servedBy(by, 'phishing-website')).serving === last, 20_000);
    }
  });

  it('is read and written by the command line', async () => {
    const run = (...args: string[]): ReturnType<typeof cli> => cli(['models', ...args], sandbox.env);
    const serving = await champion();
    const wanted = serving === 1 ? 2 : 1;
    const dry = await run('promote', 'phishing-website', String(wanted), '--dry-run');
    expect(dry).toMatchObject({ code: 0, stderr: '' });
    expect(dry.stdout).toMatch(
      new RegExp(`from version ${serving} to version ${wanted}\n +ok +version ${wanted} loads`),
    );
    expect(await champion()).toBe(serving);

    const first = (await ledger()).find(({ alias }) => alias === 'champion')!;
    const then = await run('served', 'phishing-website', '--at', first.at);
    expect(then.stdout).toMatch(
      /^Version 1 of phishing-website served at .*: promote by run .*passed the gate/,
    );
    const now = JSON.parse((await run('served', 'phishing-website', '--json')).stdout);
    expect(now.version).toBe(serving);
    expect((await run('served', 'phishing-website', '--at', '2001-01-01')).stdout).toContain('No version');
    expect((await run('served', 'phishing-website', '--at', 'then')).code).toBe(2);

    const back = await run(
      'rollback',
      'phishing-website',
      '--served-at',
      first.at,
      '--reason',
      'known',
      '--json',
    );
    expect(JSON.parse(back.stdout)).toMatchObject({ kind: 'rollback', to: 1, reason: 'known' });
    expect(JSON.parse(back.stdout).actor).toMatch(/^cli \S+/);
  });
});
