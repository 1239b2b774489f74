import { readFileSync } from 'node:fs';
import request from 'supertest';
import { Matrix } from '../src/ml/matrix.js';
import { decodeBundle, encodeBundle } from '../src/registry/bundle/bundle-codec.js';
import { ScoringModel } from '../src/registry/bundle/scoring-model.js';
import { bundledData, cli, eventually, type Sandbox, Server } from './support/program.js';
import { trainedSandbox } from './support/trained.js';

const detector = 'phishing-website';
const versions = `/v1/admin/models/${detector}/versions`;

/** Records of the published data. */
function records(count: number): Record<string, number>[] {
  const [header, ...lines] = readFileSync(bundledData, 'utf8').trim().split('\n');
  const names = (JSON.parse(`[${header.trim()}]`) as string[]).slice(0, -1);
  return lines.slice(0, count).map((line) =>
    Object.fromEntries(
      line
        .split(',')
        .slice(0, -1)
        .map((cell, j) => [names[j], Number(cell)]),
    ),
  );
}

/** The same model, but with a calibration that thinks more of every suspicion. */
function bolder(bytes: Buffer): Buffer {
  const bundle = {
    ...decodeBundle(bytes),
    calibrator: { method: 'platt', slope: 1, intercept: 0.7 } as const,
  };
  const rows = bundle.selfTest.rows.map((row) => row.map((value) => value ?? NaN));
  const probabilities = [...ScoringModel.from(bundle).score(Matrix.fromRows(rows))];
  return encodeBundle({ ...bundle, selfTest: { ...bundle.selfTest, probabilities } });
}

describe('the preview of a promotion', () => {
  let sandbox: Sandbox;
  let server: Server;

  const preview = (version: number, query = ''): request.Test =>
    request(server.url).post(`${versions}/${version}/preview${query}`);
  const sum = (counts: Record<string, Record<string, number>>): number =>
    Object.values(counts)
      .flatMap((row) => Object.values(row))
      .reduce((total, count) => total + count, 0);

  beforeAll(async () => {
    sandbox = await trainedSandbox({ without: ['records'] });
    server = await Server.start(sandbox.env);
    const labelled = readFileSync(bundledData, 'utf8').split('\n').slice(0, 1500).join('\n');
    await request(server.url).post(`/v1/data/${detector}`).type('text/csv').send(labelled).expect(200);
    const { body } = await request(server.url).get(`${versions}/1/bundle`).responseType('blob');
    const imported = request(server.url).post(`${versions}?source=test`).type('application/octet-stream');
    await imported.send(bolder(body as Buffer)).expect(201);
  });

  afterAll(async () => {
    await server?.stop();
    await sandbox.remove();
  });

  it('asks about test records while little was scored', async () => {
    const { body } = await preview(2, '?records=200').expect(200);
    expect(body).toMatchObject({
      detector,
      champion: { version: 1, candidate: 'random-forest' },
      previewed: { version: 2, candidate: 'random-forest' },
      source: 'test',
      unseen: true,
      between: null,
      records: 200,
    });
    expect(sum(body.verdicts)).toBe(200);
    const { toThreat, toBenign } = body.flips;
    const { benign, suspicious, malicious } = body.verdicts;
    expect(toThreat.count).toBe(benign.suspicious + benign.malicious);
    expect(toBenign.count).toBe(suspicious.benign + malicious.benign);
    expect(toThreat.interval[0]).toBeLessThanOrEqual(toThreat.share);
    expect(toThreat.interval[1]).toBeGreaterThan(toThreat.share);
    expect(body.changed).toHaveLength(10);
    const change = ({ champion, previewed }: Record<string, { probability: number }>): number =>
      Math.abs(champion.probability - previewed.probability);
    expect(change(body.changed[0])).toBeCloseTo(body.probability.maxAbsolute, 12);
    expect(change(body.changed[9])).toBeLessThanOrEqual(change(body.changed[0]));
    expect(Object.keys(body.changed[0].values)).toHaveLength(30);
    expect(body.ratios.latency).toBeCloseTo(body.previewed.latencyMs / body.champion.latencyMs, 9);
    const sizes = await Promise.all(
      [1, 2].map(async (n) => (await request(server.url).get(`${versions}/${n}`)).body.size),
    );
    expect([body.champion.size, body.previewed.size]).toEqual(sizes);

    const [tested] = body.changed;
    const scored = await request(server.url).post(`/v1/score/${detector}`).send({ record: tested.values });
    expect(scored.body.probability).toBeCloseTo(tested.champion.probability, 12);
  });

  it('finds no change in the champion itself', async () => {
    const { body } = await preview(1, '?records=50').expect(200);
    expect(body).toMatchObject({ flips: { changed: { count: 0 } }, probability: { maxAbsolute: 0 } });
  });

  it('asks about what was scored last, by day, once that is enough', async () => {
    const answer = await request(server.url)
      .post(`/v1/score/${detector}`)
      .send({ records: records(150) })
      .expect(200);
    const verdicts = new Map<string, number>(
      answer.body.verdicts.map(({ id, probability }: { id: string; probability: number }) => [
        id,
        probability,
      ]),
    );
    const body = await eventually(async () => {
      const found = (await preview(2, '?records=150').expect(200)).body;
      return found.source === 'logged' && found;
    });
    expect(body).toMatchObject({ records: 150, unseen: null });
    expect(sum(body.verdicts)).toBe(150);
    const [first, last] = body.between.map(Date.parse);
    expect(last).toBeGreaterThanOrEqual(first);
    expect(Date.now() - first).toBeLessThan(600_000);
    expect(body.slices[0]).toMatchObject({ by: 'day', value: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) });
    expect(body.slices.reduce((total: number, slice: { records: number }) => total + slice.records, 0)).toBe(
      150,
    );
    const known = body.changed.filter(({ id }: { id: string }) => verdicts.has(id));
    expect(known.length).toBeGreaterThanOrEqual(9);
    for (const { id, champion } of known) expect(champion.probability).toBe(verdicts.get(id));
  });

  it('answers others all the while', async () => {
    let done = false;
    const slow = preview(2).then(({ status }) => {
      done = true;
      return status;
    });
    let answers = 0;
    for (; !done; answers++) await request(server.url).get('/health/live').expect(200);
    expect(await slow).toBe(200);
    expect(answers).toBeGreaterThan(3);
  });

  it('is refused for what is not there', async () => {
    expect((await preview(9).expect(404)).body.code).toBe('VERSION_UNKNOWN');
    for (const records of ['0', '10001', 'all']) {
      expect((await preview(2, `?records=${records}`).expect(400)).body.errors[0].path).toBe('records');
    }
    await request(server.url).post('/v1/admin/models/nothing/versions/1/preview').expect(404);
  });

  it('is a table on the command line', async () => {
    const table = await cli(['models', 'preview', detector, '2', '--records', '120'], sandbox.env);
    expect(table).toMatchObject({ code: 0, stderr: '' });
    expect(table.stdout).toMatch(/version 2 against version 1, the champion, on 120 records scored from/);
    expect(table.stdout).toMatch(/champion \\ version +benign +suspicious +malicious\n/);
    expect(table.stdout).toMatch(/from benign to threat +\d+ +0\.\d{4} +\[0\.\d{4}, 0\.\d{4}\]/);
    expect(table.stdout).toMatch(/bytes +\d+ +\d+ +0\.\d{4}/);
    const json = await cli(['models', 'preview', detector, '2', '--json'], sandbox.env);
    expect(JSON.parse(json.stdout)).toMatchObject({ source: expect.any(String), previewed: { version: 2 } });
    expect((await cli(['models', 'preview', detector, '9'], sandbox.env)).code).toBe(2);
  });
});
