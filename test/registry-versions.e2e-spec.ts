import request from 'supertest';
import { cli, type Sandbox, Server } from './support/program.js';
import { trainedSandbox } from './support/trained.js';

const versions = '/v1/admin/models/phishing-website/versions';

describe('model versions', () => {
  let sandbox: Sandbox;
  let server: Server;

  const get = (path: string): request.Test => request(server.url).get(`${versions}${path}`);
  const listed = async (query: string): Promise<number[]> => {
    const { body } = await get(`?${query}`).expect(200);
    expect(body.total).toBe(body.items.length);
    return body.items.map(({ version }: { version: number }) => version);
  };
  const models = (command: string, ...args: string[]): ReturnType<typeof cli> =>
    cli(['models', command, 'phishing-website', ...args], sandbox.env);

  beforeAll(async () => {
    sandbox = await trainedSandbox();
    await cli(
      ['train', 'phishing-website', '--candidates', 'decision-tree', '--promote', 'never'],
      sandbox.env,
    );
    server = await Server.start(sandbox.env);
  });

  afterAll(async () => {
    await server?.stop();
    await sandbox.remove();
  });

  it('are picked by candidate, date and metric', async () => {
    const { body } = await get('').expect(200);
    const [tree, forest] = body.items;
    expect(forest.metrics.rocAuc).toBeGreaterThan(tree.metrics.rocAuc);
    expect(await listed('candidate=decision-tree')).toEqual([2]);
    expect(await listed('candidate=perceptron')).toEqual([]);
    expect(await listed(`metric=rocAuc&min=${forest.metrics.rocAuc}`)).toEqual([1]);
    expect(await listed(`metric=rocAuc&max=${tree.metrics.rocAuc}`)).toEqual([2]);
    expect(await listed('metric=rocAuc&min=0.5&max=1')).toEqual([2, 1]);
    expect(await listed(`from=${tree.createdAt}`)).toEqual([2]);
    expect(await listed(`to=${tree.createdAt}`)).toEqual([1]);
    expect(await listed(`candidate=random-forest&from=${tree.createdAt}`)).toEqual([]);
  });

  it('are not listed by half a filter', async () => {
    for (const [query, path] of [
      ['min=0.5', 'metric'],
      ['metric=rocAuc', 'metric'],
      ['metric=speed&min=1', 'metric'],
      ['metric=rocAuc&min=high', 'min'],
      ['from=yesterday', 'from'],
      ['colour=red', 'colour'],
    ]) {
      expect([query, (await get(`?${query}`).expect(400)).body.errors[0].path]).toEqual([query, path]);
    }
  });

  it('have an index for each of their filters', async () => {
    const keys = await sandbox.withDatabase(async (db) =>
      (await db.collection('model_versions').indexes()).map(({ key }) => Object.keys(key)[1]),
    );
    for (const key of ['version', 'candidate', 'createdAt', 'tags.key', 'metrics.rocAuc', 'metrics.brier']) {
      expect(keys).toContain(key);
    }
  });

  it('carry tags and a description, with who wrote them and when; nothing else of them changes', async () => {
    const before = (await get('/1')).body;
    const tag = (key: string, value: unknown): request.Test =>
      request(server.url).put(`${versions}/1/tags/${key}`).send({ value });
    await tag('team', 'fraud').expect(200);
    await Promise.all([tag('stage', 'trial'), tag('stage', 'trial'), tag('note', 'a:b c')]);
    const { body } = await tag('team', 'web').expect(200);
    expect(body.tags).toHaveLength(3);
    expect(body.tags.find(({ key }: { key: string }) => key === 'team')).toEqual({
      key: 'team',
      value: 'web',
      by: 'anonymous',
      at: expect.stringMatching(/^\d{4}-/),
    });
    expect(await listed('tag=team')).toEqual([1]);
    expect(await listed('tag=team:web')).toEqual([1]);
    expect(await listed('tag=team:fraud')).toEqual([]);
    expect(await listed('tag=note:a:b c')).toEqual([1]);
    expect(await listed('tag=web')).toEqual([]);

    await request(server.url).delete(`${versions}/1/tags/stage`).expect(200);
    await request(server.url).delete(`${versions}/1/tags/note`).expect(200);
    await request(server.url).delete(`${versions}/1/tags/never-there`).expect(200);
    const described = await request(server.url).patch(`${versions}/1`).send({ description: 'The first.' });
    expect(described.body.description).toMatchObject({ text: 'The first.', by: 'anonymous' });
    const { tags, description, ...rest } = (await get('/1')).body;
    expect([tags.length, description.text]).toEqual([1, 'The first.']);
    expect({ ...rest, tags: [], description: null }).toEqual(before);

    await request(server.url).patch(`${versions}/1`).send({ metrics: {} }).expect(400);
    expect((await tag('two words', 'x').expect(400)).body.errors[0].path).toBe('key');
    expect((await tag('team', 7).expect(400)).body.errors[0].path).toBe('value');
    await request(server.url).put(`${versions}/9/tags/team`).send({ value: 'x' }).expect(404);
  });

  it('are compared side by side', async () => {
    const { body } = await get('/compare?versions=2,1').expect(200);
    const [tree, forest] = [(await get('/2')).body, (await get('/1')).body];
    expect(body).toMatchObject({ detector: 'phishing-website', sameTestRows: true });
    expect(body.versions.map(({ version }: { version: number }) => version)).toEqual([2, 1]);
    expect(body.versions[1]).toMatchObject({
      candidate: 'random-forest',
      fingerprint: forest.lineage.fingerprint,
      contractSha256: forest.lineage.contractSha256,
      codeVersion: forest.lineage.codeVersion,
      thresholds: forest.thresholds,
      size: forest.size,
      curves: { roc: expect.any(Array) },
    });
    const auc = body.metrics.find(({ metric }: { metric: string }) => metric === 'rocAuc');
    expect(auc.values).toEqual([tree.metrics.rocAuc, forest.metrics.rocAuc]);
    expect(auc.intervals).toEqual([tree.intervals.rocAuc, forest.intervals.rocAuc]);
    expect(auc.differences).toEqual([0, forest.metrics.rocAuc - tree.metrics.rocAuc]);
    expect(body.options).toContainEqual({ option: 'nEstimators', values: [null, 100], differs: true });

    await get('/compare?versions=1,9').expect(404);
    for (const wrong of ['', '?versions=1', '?versions=1,1', '?versions=1,two', '?versions=0,1']) {
      expect((await get(`/compare${wrong}`).expect(400)).body.errors[0].path).toBe('versions');
    }
  });

  it('are picked, tagged, described and compared from the command line', async () => {
    const list = await models('list', '--metric', 'rocAuc', '--min', '0.5', '--tag', 'team:web', '--json');
    expect(JSON.parse(list.stdout).items.map(({ version }: { version: number }) => version)).toEqual([1]);
    expect((await models('list', '--metric', 'rocAuc')).code).toBe(2);
    expect((await models('list', '--from', 'yesterday')).code).toBe(2);

    const tagged = await models('tag', '2', 'owner', 'ann', '--json');
    expect(JSON.parse(tagged.stdout).tags).toMatchObject([{ key: 'owner', value: 'ann' }]);
    expect(JSON.parse(tagged.stdout).tags[0].by).toMatch(/^cli \S+/);
    expect((await models('list')).stdout).toContain('owner:ann');
    expect((await models('describe', '2', 'A small one.')).stdout).toMatch(
      /A small one\. \(cli [\s\S]*owner: ann/,
    );
    expect((await models('untag', '2', 'owner')).stdout).not.toContain('ann');

    const table = await models('compare', '1', '2');
    expect(table.code).toBe(0);
    expect(table.stdout).toMatch(/rocAuc +0\.99\d\d \[.*\] +0\.9\d\d\d \[.*\] \(-0\.0\d+\)/);
    expect(table.stdout).toMatch(
      /measured on the same test rows[\s\S]*candidate +random-forest +decision-tree/,
    );
    expect(table.stdout).toMatch(/nEstimators +100 +-/);
    const json = JSON.parse((await models('compare', '1', '2', '--json')).stdout);
    expect(json).toEqual((await get('/compare?versions=1,2')).body);
    expect((await models('compare', '1', '1')).code).toBe(2);
    expect((await models('compare', '1', '9')).code).toBe(2);
  });
});
