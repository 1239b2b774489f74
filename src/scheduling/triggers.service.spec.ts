import { Logger } from '@nestjs/common';
import { tinyContract } from '../detector/fixtures/tiny-contract.js';
import type { TrainingService } from '../runs/runs.service.js';
import type { Allowance } from './allowance.service.js';
import { FakeRuns } from './fixtures/fakes.js';
import type { RunHistory } from './run-history.repository.js';
import type { TriggerCheck } from './trigger-check.schema.js';
import type { TriggerChecksRepository } from './trigger-checks.repository.js';
import type { Findings, TriggerFindings } from './trigger-findings.service.js';
import { TriggersService } from './triggers.service.js';

const contract = tinyContract({ retraining: { newRecords: 1000, drift: 0.5 } });
const since = new Date('2026-03-01T02:17:00Z');
const lease = { throwIfLost: () => undefined };

describe('the triggers', () => {
  beforeAll(() => Logger.overrideLogger(false));
  afterAll(() => Logger.overrideLogger(['log', 'warn', 'error']));

  let found: Findings;
  let runs: FakeRuns;
  let hindrance: string | null;
  let coolDownUntil: Date | null;
  let last: TriggerCheck;
  let triggers: TriggersService;

  const drifted = (share: number | null): Findings['drift'] => [
    { of: 'predictions', rows: 200, drifted: 2, features: 3, share },
  ];

  beforeEach(() => {
    found = { newRecords: { since, count: 0 }, drift: [] };
    runs = new FakeRuns();
    hindrance = null;
    coolDownUntil = null;
    triggers = new TriggersService(
      { find: () => Promise.resolve(found) } as unknown as TriggerFindings,
      {
        hindrance: () => Promise.resolve(hindrance),
        coolDownUntil: () => Promise.resolve(coolDownUntil),
      } as unknown as Allowance,
      runs as unknown as RunHistory,
      runs as unknown as TrainingService,
      { save: (check: TriggerCheck) => Promise.resolve(void (last = check)) } as TriggerChecksRepository,
    );
  });

  it.each([
    ['too few records are new', { newRecords: { since, count: 999 }, drift: [] }],
    ['too few features have drifted', { newRecords: { since, count: 5 }, drift: drifted(0.49) }],
    ['there are too few rows to tell', { newRecords: { since, count: 5 }, drift: drifted(null) }],
  ])('start nothing while %s', async (_, findings) => {
    found = findings;
    await triggers.check(contract, lease);
    expect(runs.orders).toEqual([]);
    expect(last).toMatchObject({ _id: 'tiny', held: null, drift: findings.drift });
  });

  it('start a run for as many new records as the contract names', async () => {
    found = { newRecords: { since, count: 1000 }, drift: drifted(1) };
    await triggers.check(contract, lease);
    expect(runs.orders).toEqual([
      {
        actor: 'schedule',
        trigger: { kind: 'records', detail: '1000 records are new since 2026-03-01T02:17:00.000Z' },
        idempotencyKey: 'records/tiny/2026-03-01T02:17:00.000Z/1000',
        unlessUnchanged: true,
        promote: 'gate',
      },
    ]);
    expect(last.held).toBeNull();
  });

  it('start a run for drift', async () => {
    found = { newRecords: { since, count: 5 }, drift: drifted(2 / 3) };
    await triggers.check(contract, lease);
    expect(runs.orders.map(({ trigger }) => trigger)).toEqual([
      { kind: 'drift', detail: '2 of 3 features have drifted in the newest 200 predictions' },
    ]);
  });

  it('start none where the contract asks for none', async () => {
    found = { newRecords: { since, count: 5000 }, drift: drifted(1) };
    await triggers.check(tinyContract(), lease);
    expect(runs.orders).toEqual([]);
  });

  it('start one run for the same records, whatever came of it', async () => {
    found = { newRecords: { since, count: 1000 }, drift: [] };
    await triggers.check(contract, lease);
    Object.assign(runs.runs[0], { status: 'failed' });
    await triggers.check(contract, lease);
    expect(runs.orders).toHaveLength(1);
    expect(last.held?.reason).toBe(`the training run ${runs.runs[0]._id} was started for it (failed)`);
    found = { newRecords: { since, count: 1001 }, drift: [] };
    await triggers.check(contract, lease);
    expect(runs.orders).toHaveLength(2);
  });

  it('start nothing while something keeps them from it, and say what', async () => {
    found = { newRecords: { since, count: 1200 }, drift: [] };
    hindrance = 'the daily budget of 4 runs is spent';
    coolDownUntil = new Date('2026-03-01T03:17:00Z');
    await triggers.check(contract, lease);
    expect(last.held).toEqual({
      kind: 'records',
      detail: '1200 records are new since 2026-03-01T02:17:00.000Z',
      reason: 'the daily budget of 4 runs is spent',
    });
    hindrance = null;
    await triggers.check(contract, lease);
    expect(last.held?.reason).toBe('the last training run is cooling down until 2026-03-01T03:17:00.000Z');
    expect(runs.orders).toEqual([]);
    coolDownUntil = null;
    await triggers.check(contract, lease);
    expect(runs.orders).toHaveLength(1);
  });

  it('do not train on the same data once more because scored records drift', async () => {
    found = { newRecords: { since, count: 0 }, drift: drifted(1) };
    await triggers.check(contract, lease);
    expect(runs.orders).toEqual([]);
    expect(last.held).toMatchObject({ kind: 'drift', reason: expect.stringContaining('no records came') });
  });

  it('start nothing in a process that has lost its lease over the look', async () => {
    found = { newRecords: { since, count: 1000 }, drift: [] };
    const lost = {
      throwIfLost: () => {
        throw new Error('lost');
      },
    };
    await expect(triggers.check(contract, lost)).rejects.toThrow('lost');
    expect(runs.orders).toEqual([]);
  });
});
