import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import request from 'supertest';
import { stringify } from 'yaml';
import { tinySource } from '../src/detector/fixtures/tiny-contract.js';
import { cli, type Env, eventually, Sandbox, Server } from './support/program.js';
import { begunStages, type Body, endOf, order, stageReached } from './support/queue.js';

const candidate = { learner: 'random-forest', imputer: 'none', encoder: 'ordinal' } as const;
const candidates = [
  { name: 'quick', ...candidate, options: { nEstimators: 10 } },
  { name: 'endless', ...candidate, options: { nEstimators: 10_000 }, optional: true },
];
const contracts = {
  /** Has a slot every three seconds. */
  tiny: { cron: '*/3 * * * * *', timeZone: 'Europe/Berlin', jitterSeconds: 1, dailyBudget: 100 },
  /** Is trained for 50 new records, an hour after the last time at the earliest. */
  eager: { newRecords: 50, drift: 0.5, coolDownMinutes: 60 },
};

/** What takes seconds takes much longer on a machine with other things to do. */
const patienceMs = 100_000;

/** Rows of which the duration decides, so that every gate is passed; no two are alike. */
function rowsFrom(first: number, count: number): string {
  const lines = Array.from({ length: count }, (_, k) => {
    const i = first + k;
    const duration = ((i * 7919) % 10_007) / 100.07;
    return [(i % 3) - 1, duration.toFixed(4), ['tcp', 'udp', 'icmp'][i % 3], duration > 50 ? -1 : 1].join();
  });
  return ['having_IP,duration,protocol,Result', ...lines].join('\n');
}

describe('the schedule, with three processes that work on runs', () => {
  const sandbox = new Sandbox();
  const env: Env = {
    ...sandbox.env,
    SCHEMA_DIR: join(sandbox.folder, 'schema'),
    COMPUTE_THREADS: '1',
    SCHEDULE: 'on',
    TRIGGER_CHECK_S: '1',
  };
  let servers: Server[] = [];
  let api: Server;

  const push = (detector: string, csv: string): request.Test =>
    request(api.url).post(`/v1/data/${detector}`).set('content-type', 'text/csv').send(csv).expect(200);
  const scheduleOf = async (detector: string): Promise<Body> => {
    const { body } = await request(api.url).get('/v1/admin/schedule').expect(200);
    return (body as Body[]).find((schedule) => schedule.detector === detector)!;
  };
  const runsOf = async (detector: string): Promise<Body[]> => {
    const { body } = await request(api.url).get(`/v1/training-runs?detector=${detector}&pageSize=200`);
    return body.items as Body[];
  };
  const slots = (): Promise<Body[]> =>
    sandbox.withDatabase((db) => db.collection('schedule_slots').find().sort({ at: 1 }).toArray());

  beforeAll(async () => {
    mkdirSync(env.SCHEMA_DIR);
    for (const [detector, retraining] of Object.entries(contracts)) {
      const contract = { ...tinySource, detector, candidates, retraining };
      writeFileSync(join(env.SCHEMA_DIR, `${detector}.yaml`), stringify(contract));
    }
    servers = await Promise.all(['all', 'worker', 'worker'].map((ROLE) => Server.start({ ...env, ROLE })));
    [api] = servers;
    await push('tiny', rowsFrom(0, 400));
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await sandbox.remove();
  });

  it('starts one run a slot, and none twice', async () => {
    const ended = await eventually(async () => {
      const runs = (await runsOf('tiny')).filter(({ finishedAt }) => finishedAt !== null);
      return runs.length >= 3 && runs;
    }, patienceMs);
    const decided = await slots();
    for (const { trigger, actor, id } of ended) {
      expect([actor, trigger.kind]).toEqual(['schedule', 'cron']);
      expect(decided.filter(({ run }) => run === id).map(({ at }) => (at as Date).toISOString())).toEqual([
        trigger.detail,
      ]);
      expect(Date.parse(trigger.detail as string) % 3000).toBe(0);
    }
    expect(new Set(ended.map(({ trigger }) => trigger.detail as string)).size).toBe(ended.length);
    const log = servers.map((server) => server.log).join('');
    for (const { _id } of decided) expect(log.split(`the slot ${_id} `)).toHaveLength(2);
  });

  it('skips every further run on the same data, before its first stage', async () => {
    const [first, ...others] = (await runsOf('tiny')).reverse();
    expect(first).toMatchObject({ status: 'succeeded', version: 1 });
    const skipped = others.filter(({ finishedAt }) => finishedAt !== null);
    for (const { status, reason } of skipped) {
      expect([status, reason]).toEqual([
        'skipped',
        'version 1 was made from the same data, contract and code',
      ]);
    }
    expect(skipped.length).toBeGreaterThan(0);
    for (const { id } of skipped) expect(await begunStages(api, id)).toEqual([]);
    const { body } = await request(api.url).get('/v1/admin/models/tiny/versions');
    expect(body.total).toBe(1);
  });

  it('skips a slot, with the reason, while a run is open that someone else started', async () => {
    const endless = await order(api, { candidates: ['endless'] });
    await sandbox.withDatabase((db) => stageReached(db, endless.id, 'training'));
    const reason = `the training run ${endless.id} is running`;
    const schedule = await eventually(async () => {
      const found = await scheduleOf('tiny');
      return found.lastSlot.reason === reason && found;
    }, patienceMs);
    expect(schedule.lastSlot).toMatchObject({ run: null });
    expect(Date.parse(schedule.nextSlot)).toBeGreaterThan(Date.parse(schedule.lastSlot.at));
    await request(api.url).post(`/v1/training-runs/${endless.id}/cancel`).expect(202);
    await endOf(api, endless.id);
  });

  it('starts one run for new records', async () => {
    expect(await scheduleOf('eager')).toMatchObject({ cron: null, nextSlot: null, lastRun: null });
    await push('eager', rowsFrom(0, 400));
    const { lastRun } = await eventually(async () => {
      const found = await scheduleOf('eager');
      return found.lastRun?.finishedAt && found;
    }, patienceMs);
    expect(lastRun).toMatchObject({
      status: 'succeeded',
      trigger: { kind: 'records', detail: '400 records are new' },
      version: 1,
    });
    expect(await runsOf('eager')).toHaveLength(1);
  });

  it('lets a detector cool down before more records start another', async () => {
    await push('eager', rowsFrom(1000, 150));
    const { triggers } = await eventually(async () => {
      const found = await scheduleOf('eager');
      return found.triggers.held?.detail.startsWith('150 ') && found;
    }, patienceMs);
    const { coolDownUntil, newRecords, budget, held } = triggers as Body;
    expect(held).toMatchObject({
      kind: 'records',
      reason: `the last training run is cooling down until ${coolDownUntil}`,
    });
    expect([newRecords.count, newRecords.limit, budget.daily, budget.left]).toEqual([150, 50, 4, 3]);
    expect(triggers.drift.samples).toMatchObject([{ of: 'records', rows: 150, features: 3, share: 0 }]);
    expect(await runsOf('eager')).toHaveLength(1);
  });

  it('is listed by the command line', async () => {
    const { code, stdout } = await cli(['schedule', 'list'], env);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^tiny +\*\/3 \* \* \* \* \* +Europe\/Berlin +\d{4}-/m);
    expect(stdout).toMatch(/^eager +150 +50 +0 +0\.5 +\d{4}-\S+ +3 of 4$/m);
    expect(stdout).toContain('eager: 150 records are new since');
  });
});
