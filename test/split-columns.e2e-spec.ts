import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import request from 'supertest';
import { cli, eventually, Sandbox, Server } from './support/program.js';

type Body = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- the assertions say what answers have

const contract = `
detector: flows
title: Flows of many captures, split by capture in the order of time
kind: tabular
source: { name: made up }
label: { column: label, threat: [bad], benign: [good] }
features:
  - { name: duration, type: number, meaning: seconds, min: 0 }
  - { name: packets, type: integer, meaning: packets sent, min: 0 }
group: { column: capture }
split: { test: 0.25, folds: 3, seed: 1, time: seen_at }
validation:
  minRows: 20
  missingShare: { warn: 0.1, fail: 0.5 }
  threatShare: { min: 0.2, max: 0.8 }
  conflictShare: { warn: 0.1, fail: 0.4 }
  driftShare: { warn: 0.5 }
selection: rocAuc
candidates:
  - { name: logistic, learner: logistic-regression, imputer: median, encoder: ordinal }
calibration: platt
thresholds: { suspicious: { policy: max-f1 }, malicious: { policy: target-false-positive-rate, value: 0.01 } }
gate: { minimums: { recallAtFpr01: 0 }, comparison: { metric: rocAuc, margin: 0.05 } }
`;

/** Forty captures of ten flows, one capture an hour; every other flow is bad and lasts longer. */
const flows = Array.from({ length: 400 }, (_, i) => ({
  duration: (i % 2) * 40 + ((i * 37) % 60),
  packets: (i * 13) % 50,
  label: i % 2 ? 'bad' : 'good',
  capture: `day-${Math.floor(i / 10)}`,
  seen_at: 1_700_000_000 + 360 * i,
}));
const names = Object.keys(flows[0]) as (keyof (typeof flows)[number])[];
const csvOf = (rows: typeof flows, columns = names): string =>
  [columns.join(), ...rows.map((row) => columns.map((name) => row[name]).join())].join('\n');

describe('a contract that groups by a column and splits by time', () => {
  const sandbox = new Sandbox();
  const schema = join(sandbox.folder, 'schema');
  const env = { ...sandbox.env, SCHEMA_DIR: schema };
  let server: Server;

  const push = (body: string, type: string): request.Test =>
    request(server.url).post('/v1/data/flows').set('content-type', type).send(body);
  const train = async (): Promise<Body> => {
    const { body } = await request(server.url)
      .post('/v1/training-runs')
      .send({ detector: 'flows' })
      .expect(202);
    return eventually(async () => {
      const run = (await request(server.url).get(`/v1/training-runs/${body.id}`).expect(200)).body as Body;
      return ['queued', 'running'].includes(run.status) ? null : run;
    }, 60_000);
  };

  beforeAll(async () => {
    mkdirSync(schema);
    writeFileSync(join(schema, 'flows.yaml'), contract);
    server = await Server.start(env);
  });

  afterAll(async () => {
    await server?.stop();
    await sandbox.remove();
  });

  it('refuses a file that lacks the columns, and rows that leave them empty', async () => {
    const { body } = await push(csvOf(flows, ['duration', 'packets', 'label']), 'text/csv').expect(400);
    expect(body.errors).toEqual([
      { path: 'capture', message: 'is missing' },
      { path: 'seen_at', message: 'is missing' },
    ]);
    const gaps = [
      { ...flows[0], capture: '' },
      { ...flows[0], seen_at: 'soon' as unknown as number },
    ];
    const batch = await push(csvOf(gaps), 'text/csv').expect(200);
    expect(batch.body).toMatchObject({ read: 2, stored: 0, rejected: 2 });
  });

  it('takes them from CSV, NDJSON and JSON, each row once', async () => {
    const csv = await push(csvOf(flows.slice(0, 300)), 'text/csv').expect(200);
    expect(csv.body).toMatchObject({ read: 300, stored: 300, rejected: 0 });
    const dated = flows.map((row) => ({ ...row, seen_at: new Date(row.seen_at * 1000).toISOString() }));
    const ndjson = await push(dated.map((row) => JSON.stringify(row)).join('\n'), 'application/x-ndjson');
    expect(ndjson.body).toMatchObject({ read: 400, stored: 100, known: 300 });
    const json = await push(JSON.stringify({ records: flows }), 'application/json');
    expect(json.body).toMatchObject({ read: 400, stored: 0, known: 400 });
  });

  it('tests on the latest captures and validates on what folds measured', async () => {
    const run = await train();
    expect(run).toMatchObject({ status: 'succeeded', version: 1, promoted: true });
    const checks = run.validation.checks as Body[];
    expect(checks.find(({ name }) => name === 'groups')).toMatchObject({ column: 'capture', observed: 40 });
    expect(checks.find(({ name }) => name === 'times')).toMatchObject({ column: 'seen_at', observed: 400 });
    const { validation, test } = run.evaluation;
    // Ten captures test; of the thirty others in four blocks, three are measured by a fold.
    expect([validation.metrics.rows, test.metrics.rows]).toEqual([220, 100]);
    expect(run.evaluation.importance[0].feature).toBe('duration');
  });

  it('compares the next version with the champion on captures that neither has learned from', async () => {
    const later = Array.from({ length: 100 }, (_, i) => ({
      ...flows[i],
      capture: `late-${Math.floor(i / 10)}`,
      seen_at: 1_700_200_000 + 360 * i,
    }));
    await push(csvOf(later), 'text/csv').expect(200);
    const run = await train();
    expect(run).toMatchObject({ status: 'succeeded', version: 2, gate: { champion: 1 } });
  });

  it('draws intervals by capture also where a file is evaluated, and scores without the columns', async () => {
    const file = join(sandbox.folder, 'flows.csv');
    writeFileSync(file, csvOf(flows));
    const result = JSON.parse((await cli(['evaluate', 'flows', file, '--json'], env)).stdout);
    expect(result.rows).toBe(400);
    expect(result.intervals.recall[0]).toBeLessThan(result.recall);
    writeFileSync(file, csvOf(flows, ['duration', 'packets', 'label']));
    const refused = await cli(['evaluate', 'flows', file], env);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('capture: is missing')]);
    const scored = await cli(['score', 'flows', file], env);
    expect(scored.stdout.trimEnd().split('\n')).toHaveLength(400);
  });
});
