import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import request from 'supertest';
import { cli, type Sandbox, Server, someRows } from './support/program.js';
import { trainedSandbox } from './support/trained.js';

const versions = '/v1/admin/models/phishing-website/versions';

describe('model cards', () => {
  let sandbox: Sandbox;
  let server: Server;

  const get = (path: string, accept = 'application/json'): request.Test =>
    request(server.url).get(`${versions}/${path}`).set('accept', accept);
  const card = (...args: string[]): ReturnType<typeof cli> =>
    cli(['models', 'card', 'phishing-website', ...args], sandbox.env);

  beforeAll(async () => {
    sandbox = await trainedSandbox({ without: ['records'] });
    server = await Server.start(sandbox.env);
  });

  afterAll(async () => {
    await server?.stop();
    await sandbox.remove();
  });

  it('tell what the run of a version found', async () => {
    const { body } = await get('1/card')
      .expect(200)
      .expect('content-type', /^application\/json/);
    const { body: version } = await get('1');
    const { body: run } = await request(server.url).get(`/v1/training-runs/${version.lineage.run}`);
    expect(body.modelDetails).toMatchObject({
      detector: 'phishing-website',
      version: 1,
      learner: 'random-forest',
      options: { nEstimators: 100 },
      actor: run.actor,
      fitMs: expect.any(Number),
      sha256: version.sha256,
      size: version.size,
    });
    expect(body.data).toMatchObject({
      source: { doi: '10.24432/C51W2X', licence: 'CC BY 4.0' },
      fingerprint: run.fingerprint,
      rows: someRows,
      threats: run.validation.threats,
      duplicates: run.validation.duplicates,
      group: 'features',
    });
    const { train, test } = body.data;
    expect(train.rows + test.rows).toBe(someRows);
    expect(train.threats + test.threats).toBe(run.validation.threats);
    // A group is on one side only, and there are as many groups as there are different rows.
    expect(train.groups + test.groups).toBeLessThanOrEqual(someRows - run.validation.duplicates);
    expect(body.modelSelection.candidates).toEqual(run.candidates);
    for (const part of ['test', 'validation']) {
      expect(body.evaluation[part]).toMatchObject(run.evaluation[part]);
    }
    expect(body.evaluation.curves).toEqual(run.evaluation.curves);
    expect(body.thresholds[0]).toMatchObject({
      threshold: version.thresholds.suspicious,
      policy: { policy: 'max-f1' },
      achieved: run.evaluation.policies.suspicious.achieved,
      confusion: version.metrics.confusion,
    });
    expect(body.gate).toMatchObject({ passed: true, checks: run.gate.checks });
    expect(body.deployments).toMatchObject({
      aliases: ['champion'],
      moves: [{ alias: 'champion', kind: 'promote', from: null, to: 1, reason: 'passed the gate' }],
    });
  });

  it('are Markdown for those who accept or ask for it', async () => {
    const page = await get('1/card', 'text/markdown')
      .expect(200)
      .expect('vary', /accept/);
    expect(page.headers['content-type']).toBe('text/markdown; charset=utf-8');
    expect(page.text).toMatch(
      /^# phishing-website, version 1\n\nPhishing websites, from 30 hand-made features/,
    );
    expect(page.text).toMatch(/\| ROC AUC ↑ +\| 0\.99\d\d \(0\.9\d+–0\.99\d+\) \|/);
    expect(page.text).not.toMatch(/undefined|NaN|\[object/);
    expect((await get('1/card?format=markdown').expect(200)).text).toBe(page.text);
    await get('1/card?format=json', 'text/markdown').expect('content-type', /^application\/json/);
  });

  it('answer what they do not know with a problem', async () => {
    expect((await get('9/card').expect(404)).body.code).toBe('VERSION_UNKNOWN');
    expect((await get('1/card?format=pdf').expect(400)).body.errors[0].path).toBe('format');
    await get('one/card').expect(400);
    const other = await request(server.url).get('/v1/admin/models/nothing/versions/1/card').expect(404);
    expect(other.body.code).toBe('DETECTOR_UNKNOWN');
  });

  it('come from the command line, the champion’s by default', async () => {
    const page = await card();
    expect(page).toMatchObject({ code: 0, stderr: '' });
    expect(page.stdout).toBe((await get('1/card', 'text/markdown')).text);
    const json = JSON.parse((await card('--version', '1', '--json')).stdout);
    expect(json).toEqual((await get('1/card')).body);
    const file = join(sandbox.folder, 'card.json');
    expect(await card('--format', 'json', '--out', file)).toMatchObject({ code: 0, stdout: '' });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(json);
  });

  it('are refused on the command line with what is wrong', async () => {
    expect(await card('--version', '9')).toMatchObject({ code: 2, stdout: '' });
    expect((await card('--format', 'pdf')).code).toBe(2);
    const nowhere = await card('--out', join(sandbox.folder, 'no', 'where.md'));
    expect(nowhere).toMatchObject({ code: 2, stdout: '' });
    expect(nowhere.stderr).toContain('its folder is not there');
  });

  it('keep what they said, and add who moved the version since', async () => {
    const { deployments: first, ...before } = (await get('1/card')).body;
    const reason = 'too loud | <b>[see](javascript:alert(1))</b>\n# not a heading';
    const move = { version: 1, reason };
    await request(server.url).post('/v1/admin/models/phishing-website/promote').send(move).expect(200);
    const { deployments, ...after } = (await get('1/card')).body;
    expect(after).toEqual(before);
    expect(deployments.moves.slice(1)).toEqual(first.moves);
    expect(deployments.moves[0]).toMatchObject({ from: 1, to: 1, actor: 'anonymous', reason });
    expect((await get('1/card', 'text/markdown')).text).toContain(
      '| too loud \\| \\<b\\>\\[see\\](javascript:alert(1))\\</b\\> # not a heading |',
    );
  });

  it('are made from the bundle for a version that was stored without one', async () => {
    const { body: full } = await get('1/card');
    await sandbox.withDatabase((db) => db.collection('model_cards').deleteMany({}));
    const { body } = await get('1/card').expect(200);
    expect(body).toMatchObject({
      modelDetails: { sha256: full.modelDetails.sha256, fitMs: null, actor: null },
      data: { rows: someRows, threats: full.data.threats, duplicates: null },
      modelSelection: null,
      gate: null,
    });
    expect(body.evaluation.test.metrics).toEqual(full.evaluation.test.metrics);
    expect(body.caveatsAndRecommendations[0]).toMatch(/made from the version and its bundle alone/);
    expect((await get('1/card', 'text/markdown')).text).not.toContain('## Model selection');
  });
});
