import request from 'supertest';
import { championOf, servedBy } from './support/models.js';
import { cli, eventually, type Sandbox, Server } from './support/program.js';
import { trainedSandbox } from './support/trained.js';

const models = '/v1/admin/models/phishing-website';

describe('the registry', () => {
  let sandbox: Sandbox;
  let server: Server;
  let replica: Server;

  const train = (...args: string[]): ReturnType<typeof cli> =>
    cli(
      ['train', 'phishing-website', '--candidates', 'decision-tree', '--promote', 'never', ...args],
      sandbox.env,
    );
  const promote = (body: object): request.Test => request(server.url).post(`${models}/promote`).send(body);
  const champion = (): Promise<number | null> => championOf(server, 'phishing-website');
  const served = (by: Server, version: number): Promise<unknown> =>
    eventually(async () => (await servedBy(by, 'phishing-website')).serving === version, 20_000);

  beforeAll(async () => {
    sandbox = await trainedSandbox({ rows: 3000 });
    await train('--seed', '2');
    await train('--seed', '3');
    [server, replica] = await Promise.all([Server.start(sandbox.env), Server.start(sandbox.env)]);
  });

  afterAll(async () => {
    await Promise.all([server?.stop(), replica?.stop()]);
    await sandbox.remove();
  });

  it('lists versions with their aliases, newest first and paged', async () => {
    const { body } = await request(server.url).get(`${models}/versions?pageSize=2`).expect(200);
    expect(body).toMatchObject({ total: 3, page: 1, pageSize: 2 });
    expect(
      body.items.map(({ version, aliases }: { version: number; aliases: string[] }) => [version, aliases]),
    ).toEqual([
      [3, ['challenger']],
      [2, []],
    ]);
    const first = await request(server.url).get(`${models}/versions/1`).expect(200);
    expect(first.body).toMatchObject({
      aliases: ['champion'],
      learner: 'random-forest',
      lineage: { seed: 42 },
    });
    expect(first.body.signature).toHaveLength(30);
    const unknown = await request(server.url).get(`${models}/versions/9`).expect(404);
    expect(unknown.body.code).toBe('VERSION_UNKNOWN');
    await request(server.url).get(`${models}/versions/one`).expect(400);
  });

  it('lets exactly one of two promotes with the same expected champion win', async () => {
    const answers = await Promise.all([
      promote({ version: 2, expectedChampion: 1, reason: 'first' }),
      promote({ version: 3, expectedChampion: 1, reason: 'second' }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const winner = answers.find(({ status }) => status === 200)!;
    const loser = answers.find(({ status }) => status === 409)!;
    expect(winner.body).toMatchObject({ from: 1, kind: 'promote', actor: 'anonymous' });
    expect(loser.body).toMatchObject({ code: 'CHAMPION_CHANGED', actualChampion: winner.body.to });
    expect(await champion()).toBe(winner.body.to);
    await Promise.all([served(server, winner.body.to), served(replica, winner.body.to)]);
  });

  it('rolls back to what served before, and writes every move into the ledger', async () => {
    const before = await champion();
    const back = await request(server.url)
      .post(`${models}/rollback`)
      .send({ reason: 'false alarms' })
      .expect(200);
    expect(back.body).toMatchObject({ from: before, to: 1, kind: 'rollback', reason: 'false alarms' });
    await request(server.url).post(`${models}/rollback`).send({}).expect(409);

    const { body } = await request(server.url).get(`${models}/deployments?pageSize=200`).expect(200);
    const champions = body.items.filter(({ alias }: { alias: string }) => alias === 'champion').reverse();
    expect(champions[0]).toMatchObject({ from: null, to: 1, kind: 'promote' });
    for (let i = 1; i < champions.length; i++) expect(champions[i].from).toBe(champions[i - 1].to);
    expect(body.items.map(({ move }: { move: number }) => move)).toEqual(
      body.items.map((_: unknown, i: number) => body.total - i),
    );

    const at = champions[0].at;
    const then = await request(server.url).get(`${models}/deployments?at=${at}`).expect(200);
    expect(then.body.items[0]).toMatchObject({ to: 1 });
    await request(server.url).get(`${models}/deployments?at=yesterday`).expect(400);
  });

  it('refuses a promote of a version that is not there, and a body that is wrong', async () => {
    expect((await promote({ version: 9 })).body).toMatchObject({ code: 'VERSION_UNKNOWN', status: 404 });
    expect((await promote({ version: 'two' })).body.errors[0].path).toBe('version');
    expect((await promote({ version: 1, expectedChampion: 'one' })).body.errors[0].path).toBe(
      'expectedChampion',
    );
  });

  it('refuses a bundle with one flipped byte and goes on serving the old champion', async () => {
    await served(server, 1);
    await served(replica, 1);
    const { sha256 } = (await request(server.url).get(`${models}/versions/3`)).body;
    await sandbox.withDatabase(async (db) => {
      const file = await db.collection('bundles.files').findOne({ filename: sha256 });
      const chunk = await db.collection('bundles.chunks').findOne({ files_id: file!._id, n: 0 });
      const bytes = Buffer.from(chunk!.data.buffer);
      bytes[1000] = bytes[1000] ^ 1;
      await db.collection('bundles.chunks').updateOne({ _id: chunk!._id }, { $set: { data: bytes } });
    });
    await promote({ version: 3 }).expect(200);

    const state = await eventually(async () => {
      const found = await servedBy(replica, 'phishing-website');
      return found.problem === null ? null : found;
    }, 20_000);
    expect(state).toMatchObject({ champion: 3, serving: 1 });
    expect(state.problem).toContain('digest');
    await eventually(() => Promise.resolve(replica.log.includes('Version 1 goes on serving')));
    for (const by of [server, replica]) {
      const body = { record: (await import('../src/common/examples.js')).phishingExample };
      const answer = await request(by.url).post('/v1/score/phishing-website').send(body).expect(200);
      expect(answer.body.model.version).toBe(1);
    }

    const again = await train('--seed', '4', '--promote', 'gate', '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ status: 'succeeded', version: 4 });
  });
});
