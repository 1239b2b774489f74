import { queuedRun } from './fixtures/queued-run.js';
import { interrupted, restarted } from './run-transitions.js';
import type { ReservedVersion, StageName, StageStatus, TrainingRun } from './training-run.schema.js';

/** A running run whose stages up to the named one are done; that one is at work. */
function runAt(at: StageName, changes: Partial<TrainingRun> = {}): TrainingRun {
  const run = queuedRun();
  const place = run.stages.findIndex(({ name }) => name === at);
  const statusAt = (i: number): StageStatus =>
    i < place ? 'succeeded' : i === place ? 'running' : 'pending';
  const stages = run.stages.map((stage, i) => ({ ...stage, status: statusAt(i) }));
  return { ...run, status: 'running', attempts: 1, fingerprint: 'abc', stages, ...changes };
}

const statusesOf = ({ stages }: Partial<TrainingRun>): string[] => stages!.map(({ status }) => status);

describe('a run whose worker gave no sign of life', () => {
  it.each([1, 2])('waits again after attempt %i', (attempts) => {
    expect(interrupted(runAt('training', { attempts }))).toEqual({
      status: 'queued',
      reason: `worker ${attempts} of at most 3 gave no sign of life`,
    });
  });

  it('fails after the third, with the stage that it was at', () => {
    const end = interrupted(runAt('evaluation', { attempts: 3 }));
    expect(end).toMatchObject({
      status: 'failed',
      finishedAt: expect.any(Date),
      failure: { code: 'INTERRUPTED', stage: 'evaluation', message: expect.stringContaining('3 times') },
    });
    expect(statusesOf(end)[4]).toBe('failed');
  });

  it('is cancelled where somebody wanted that before', () => {
    const end = interrupted(runAt('training', { cancelRequested: true }));
    expect(end).toMatchObject({ status: 'cancelled', failure: { code: 'RUN_CANCELLED' } });
  });
});

describe('a run that is begun again', () => {
  it('begins at the first stage', () => {
    const begun = restarted(runAt('evaluation', { attempts: 1 }), new Date(5));
    expect(begun).toMatchObject({
      status: 'running',
      attempts: 2,
      reason: null,
      startedAt: new Date(5),
      fingerprint: null,
      candidates: [],
      evaluation: null,
    });
    expect(new Set(statusesOf(begun))).toEqual(new Set(['pending']));
  });

  it('keeps what led to a version that is reserved', () => {
    const begun = restarted(runAt('registration', { reserved: {} as ReservedVersion }));
    expect(statusesOf(begun)).toEqual(['pending', 'pending', 'pending', 'succeeded', 'succeeded', 'pending']);
    for (const kept of ['candidates', 'evaluation', 'gate', 'reserved'])
      expect(begun).not.toHaveProperty(kept);
  });
});
