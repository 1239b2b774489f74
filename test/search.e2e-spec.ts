import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import request from 'supertest';
import { cli, type Env, eventually, projectRoot, type Sandbox, Server } from './support/program.js';
import { trainedSandbox } from './support/trained.js';

type Body = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- the assertions say what answers have

describe('a search for better options', () => {
  const contract = readFileSync(join(projectRoot, 'schema', 'phishing-website.yaml'), 'utf8');
  let sandbox: Sandbox;
  let env: Env;
  let server: Server;

  const endOf = (id: string): Promise<Body> =>
    eventually(async () => {
      const { body } = await request(server.url).get(`/v1/training-runs/${id}`).expect(200);
      return ['queued', 'running'].includes(body.status) ? null : (body as Body);
    }, 200_000);
  const runOf = async (order: object): Promise<Body> => {
    const { body } = await request(server.url)
      .post('/v1/training-runs')
      .send({ detector: 'phishing-website', candidates: ['decision-tree'], promote: 'never', ...order })
      .expect(202);
    return endOf(body.id);
  };
  const withoutTimes = ({ candidates }: Body): Body =>
    candidates.map(({ name, options, mean, trials }: Body) => ({
      name,
      options,
      mean,
      trials: trials.map(({ fitMs, ...trial }: Body) => ({ ...trial, timed: fitMs > 0 })),
    }));

  beforeAll(async () => {
    sandbox = await trainedSandbox();
    // Halving begins with a share of the rows where that is enough of them.
    const few = contract.replace('factor: 3', 'factor: 3, minResources: 500');
    expect(few).not.toBe(contract);
    env = { ...sandbox.env, SCHEMA_DIR: join(sandbox.folder, 'contracts') };
    mkdirSync(env.SCHEMA_DIR);
    writeFileSync(join(env.SCHEMA_DIR, 'phishing-website.yaml'), few);
    server = await Server.start({ ...env, COMPUTE_THREADS: '2' });
  });

  afterAll(async () => {
    await server?.stop();
    await sandbox.remove();
  });

  it('keeps to its fits, does no worse than the plain options and shows all that it tried', async () => {
    const run = await runOf({ search: 'halving', maxFits: 40 });
    expect(run).toMatchObject({
      status: 'succeeded',
      options: { search: { method: 'halving', maxFits: 40 } },
    });
    expect(run.search).toMatchObject({ method: 'halving', maxFits: 40, maxSeconds: null, outOfTime: false });
    expect(run.search.fits).toBeGreaterThan(20);
    expect(run.search.fits).toBeLessThanOrEqual(40);
    const [candidate] = run.candidates;
    expect(candidate.tried).toBe(run.search.trials + 1);
    expect(candidate.trials).toHaveLength(candidate.tried);
    const [plain, ...others] = candidate.trials;
    expect(plain).toMatchObject({ trial: 0, status: 'finished', options: { minSamplesLeaf: 5 }, folds: 5 });
    expect(candidate.mean.rocAuc).toBeGreaterThanOrEqual(plain.score);
    const finished = [plain, ...others].filter(({ status }: Body) => status === 'finished');
    expect(candidate.mean.rocAuc).toBe(Math.max(...finished.map(({ score }: Body) => score)));
    expect(finished.length).toBeGreaterThan(1);
    expect(others.some(({ status, share }: Body) => status === 'dropped' && share < 1)).toBe(true);
    expect(candidate.folds).toHaveLength(5);
    const { roc, precisionRecall } = candidate.curves;
    expect(roc.length).toBeGreaterThan(20);
    expect(roc.length).toBeLessThanOrEqual(100);
    expect(roc[0]).toEqual({ threshold: null, falsePositiveRate: 0, truePositiveRate: 0 });
    expect(roc.at(-1)).toMatchObject({ falsePositiveRate: 1, truePositiveRate: 1 });
    expect(precisionRecall.length).toBeLessThanOrEqual(100);
    expect(precisionRecall.at(-1)).toMatchObject({ recall: 1 });
    const training = run.stages.find(({ name }: Body) => name === 'training');
    expect(training.summary).toContain(
      `halving search: ${run.search.trials} trials, ${run.search.fits} fits`,
    );
    expect(training.progress).toBe(1);
  });

  it('finds the same for the same seed, whatever the number of threads', async () => {
    const order = { search: 'random', maxFits: 15, seed: 9 };
    const first = await runOf(order);
    await server.stop();
    server = await Server.start({ ...env, COMPUTE_THREADS: '1' });
    const second = await runOf(order);
    expect(withoutTimes(second)).toEqual(withoutTimes(first));
    const { body } = await request(server.url).get('/v1/admin/models/phishing-website/versions').expect(200);
    expect(body.items[0].sha256).toBe(body.items[1].sha256);
  });

  it('ends when its time is up, and says so', async () => {
    const run = await runOf({ search: 'random', maxFits: 10_000, maxSeconds: 1 });
    expect(run).toMatchObject({ status: 'succeeded', search: { outOfTime: true, maxSeconds: 1 } });
    expect(run.search.seconds).toBeLessThan(10);
    expect(run.search.fits).toBeLessThan(10_000);
  });

  it('is refused where the order makes no sense, with the field that is wrong', async () => {
    const refusal = async (order: object): Promise<Body[]> =>
      (
        await request(server.url)
          .post('/v1/training-runs')
          .send({ detector: 'phishing-website', ...order })
          .expect(400)
      ).body.errors;
    const paths = (errors: Body[]): string[] => errors.map(({ path }) => path).sort();
    expect(paths(await refusal({ search: 'grid', maxFits: 0, maxSeconds: 0 }))).toEqual([
      'maxFits',
      'maxSeconds',
      'search',
    ]);
    expect(paths(await refusal({ maxFits: 20 }))).toEqual(['maxFits']);
  });

  it('stands in the OpenAPI document, order and answer', async () => {
    const { schemas } = (await request(server.url).get('/docs/openapi.json').expect(200)).body.components;
    expect(schemas.StartRunDto.properties.search.enum).toEqual(['none', 'random', 'halving']);
    expect(schemas.StartRunDto.properties.maxFits).toMatchObject({ minimum: 1, maximum: 10_000 });
    expect(Object.keys(schemas.TrialDto.properties)).toEqual(
      expect.arrayContaining(['options', 'status', 'rung', 'score', 'fitMs']),
    );
    expect(
      schemas.CandidateDto.properties.curves.$ref ?? schemas.CandidateDto.properties.curves.allOf,
    ).toBeDefined();
  });

  it('is made from the command line too', async () => {
    const train = (...args: string[]): ReturnType<typeof cli> =>
      cli(['train', 'phishing-website', '--candidates', 'decision-tree', '--promote', 'never', ...args], env);
    const table = await train('--search', 'random', '--max-fits', '15');
    expect(table).toMatchObject({ code: 0, stderr: '' });
    expect(table.stdout).toMatch(/random search: 3 trials, 15 fits/);
    expect(table.stdout).toMatch(/trials[\s\S]*decision-tree .* 4 {2}selected/);
    expect((await train('--search', 'grid')).code).toBe(2);
    expect((await train('--max-fits', '5')).stderr).toContain('maxFits: limits a search');
  });

  it('does not start with a space that a learner does not take, and names file, path and reason', async () => {
    const folder = join(sandbox.folder, 'schema');
    mkdirSync(folder);
    const bad = contract.replace(/space:\n(\s+)/, 'space:\n$1depth: [1, 2]\n$1');
    expect(bad).not.toBe(contract);
    writeFileSync(join(folder, 'phishing-website.yaml'), bad);
    const { code, stderr } = await cli(['db', 'check'], { ...sandbox.env, SCHEMA_DIR: folder });
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /phishing-website\.yaml[\s\S]*candidates\.0\.space\.depth: .*there is no option "depth"/,
    );
  });
});
