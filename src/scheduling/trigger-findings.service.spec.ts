import { tinyContract } from '../detector/fixtures/tiny-contract.js';
import type { TrainingRun } from '../runs/training-run.schema.js';
import type { Arrivals } from './arrivals.repository.js';
import type { DriftSample, DriftSamples } from './drift-samples.service.js';
import { FakeRuns, pastRun } from './fixtures/fakes.js';
import type { RunHistory } from './run-history.repository.js';
import { TriggerFindings } from './trigger-findings.service.js';

const sample: DriftSample = { of: 'records', rows: 200, drifted: 1, features: 3, share: 1 / 3 };

describe('what asks for a run', () => {
  const findings = (...runs: TrainingRun[]): TriggerFindings =>
    new TriggerFindings(
      new FakeRuns(runs) as unknown as RunHistory,
      // Ten records a second.
      {
        countSince: (_: string, since: Date) => Promise.resolve(since.getTime() / 100),
      } as unknown as Arrivals,
      { take: () => Promise.resolve([sample]) } as unknown as DriftSamples,
    );
  const withSnapshot = (seconds: number): TrainingRun => {
    const run = pastRun();
    const at = new Date(seconds * 1000);
    const stages = run.stages.map((stage) =>
      stage.name === 'ingestion' ? { ...stage, startedAt: at } : stage,
    );
    return { ...run, stages };
  };

  it('are all records where no run has seen any', async () => {
    const failed = pastRun({ status: 'failed' });
    expect(await findings(failed).newRecords('tiny')).toEqual({ since: new Date(0), count: 0 });
  });

  it('are the records since the last snapshot that became a version', async () => {
    const newRecords = await findings(withSnapshot(50), pastRun({ status: 'failed' })).newRecords('tiny');
    expect(newRecords).toEqual({ since: new Date(50_000), count: 500 });
  });

  it('are those since a run that found nothing new', async () => {
    const skipped = pastRun({ status: 'skipped', startedAt: new Date(60_000) });
    expect(await findings(withSnapshot(50), skipped).newRecords('tiny')).toMatchObject({ count: 600 });
  });

  it('is drift only where the contract has a limit for it', async () => {
    expect((await findings().find(tinyContract())).drift).toEqual([]);
    const asking = tinyContract({ retraining: { drift: 0.5 } });
    expect((await findings().find(asking)).drift).toEqual([sample]);
  });
});
