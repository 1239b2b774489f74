import { tinyContract } from '../detector/fixtures/tiny-contract.js';
import type { IngestionService } from '../ingestion/ingestion.service.js';
import type { TrainingRun } from '../runs/training-run.schema.js';
import { Allowance } from './allowance.service.js';
import { FakeClock, FakeRuns, pastRun } from './fixtures/fakes.js';
import type { RunHistory } from './run-history.repository.js';

const contract = tinyContract({
  retraining: { timeZone: 'Europe/Berlin', dailyBudget: 2, coolDownMinutes: 30 },
});

function allowanceWith(runs: TrainingRun[], { now = '2026-03-01T12:00:00Z', records = 100 } = {}): Allowance {
  return new Allowance(
    new FakeRuns(runs) as unknown as RunHistory,
    { count: () => Promise.resolve(records) } as unknown as IngestionService,
    new FakeClock(now),
  );
}

const createdAt = (moment: string, changes: Partial<TrainingRun> = {}): TrainingRun =>
  pastRun({ createdAt: new Date(moment), ...changes });

describe('what the schedule may start', () => {
  it('is anything where no run is open, the budget is not spent and there are records', async () => {
    expect(await allowanceWith([createdAt('2026-03-01T02:17:00Z')]).hindrance(contract)).toBeNull();
  });

  it.each(['queued', 'running'] as const)(
    'is nothing while a run is %s, whoever started it',
    async (status) => {
      const open = pastRun({ _id: 'run-7', status, actor: 'key ci' });
      expect(await allowanceWith([open]).hindrance(contract)).toBe(`the training run run-7 is ${status}`);
    },
  );

  it('is nothing where there are no records to learn from', async () => {
    expect(await allowanceWith([], { records: 0 }).hindrance(contract)).toBe('no records of tiny are stored');
  });

  it('is nothing when the budget of the local day is spent', async () => {
    // The day in Berlin begins an hour before UTC's.
    const runs = [createdAt('2026-02-28T23:00:00Z'), createdAt('2026-03-01T02:17:00Z', { status: 'failed' })];
    expect(await allowanceWith(runs).hindrance(contract)).toBe(
      'the daily budget of 2 runs is spent until 2026-03-01T23:00:00.000Z',
    );
    expect(await allowanceWith(runs, { now: '2026-03-01T23:00:00Z' }).hindrance(contract)).toBeNull();
  });

  it('does not count runs of the day before, those that others started, and those that were skipped', async () => {
    const allowance = allowanceWith([
      createdAt('2026-02-28T22:59:59Z'),
      createdAt('2026-03-01T05:00:00Z', { actor: 'key ci' }),
      createdAt('2026-03-01T06:00:00Z', { status: 'skipped' }),
      createdAt('2026-03-01T07:00:00Z'),
    ]);
    const until = new Date('2026-03-01T23:00:00Z');
    expect(await allowance.budget(contract)).toEqual({ daily: 2, left: 1, until });
  });
});

describe('the cool-down', () => {
  const until = new Date('2026-03-01T02:50:00Z');

  it.each([
    ['2026-03-01T02:49:59Z', until],
    ['2026-03-01T02:50:00Z', null],
  ])('at %s, half an hour after the end of a run at 02:20, lasts until %s', async (now, end) => {
    expect(await allowanceWith([pastRun()], { now }).coolDownUntil(contract)).toEqual(end);
  });

  it.each([
    ['a failed one', pastRun({ status: 'failed' }), until],
    ['one that someone asked for', pastRun({ actor: 'key ci' }), until],
    ['one that was skipped', pastRun({ status: 'skipped' }), null],
    ['one that no worker was at', pastRun({ status: 'cancelled', startedAt: null }), null],
  ])('after %s lasts until %s', async (_, run, end) => {
    const allowance = allowanceWith([run], { now: '2026-03-01T02:21:00Z' });
    expect(await allowance.coolDownUntil(contract)).toEqual(end);
  });
});
