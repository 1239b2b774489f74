import { RunCancelledError } from './runs.errors.js';
import { pendingStages, type StageName, type TrainingRun } from './training-run.schema.js';

/** After so many workers that died over a run it is given up. */
export const mostAttempts = 3;

/** Stages whose outcome is in the reserved version: they are not done again. */
const settledByReservation: readonly StageName[] = ['training', 'evaluation'];

/** What changes in a run whose worker died or lost its lease: it waits again, or is given up. */
export function interrupted(run: TrainingRun): Partial<TrainingRun> {
  if (run.cancelRequested) return cancelled(run);
  if (run.attempts < mostAttempts) {
    return requeued(`worker ${run.attempts} of at most ${mostAttempts} gave no sign of life`);
  }
  const message = `Its worker died or lost the database, ${run.attempts} times over.`;
  return failed(run, { code: 'INTERRUPTED', message });
}

/** Waiting again; what a failed attempt has found so far is kept to be looked at until the next begins. */
export function requeued(reason: string): Partial<TrainingRun> {
  return { status: 'queued', reason };
}

/** Begun, from the start or from the version that an earlier attempt has reserved. */
export function restarted(run: TrainingRun, now = new Date()): Partial<TrainingRun> {
  const common = {
    status: 'running',
    startedAt: now,
    attempts: run.attempts + 1,
    reason: null,
    fingerprint: null,
    validation: null,
  } as const;
  if (!run.reserved) {
    return { ...common, stages: pendingStages(), candidates: [], search: null, evaluation: null, gate: null };
  }
  const stages = pendingStages().map((stage, i) =>
    settledByReservation.includes(stage.name) ? run.stages[i] : stage,
  );
  return { ...common, stages };
}

export function cancelled(run: TrainingRun): Partial<TrainingRun> {
  const { code, message } = new RunCancelledError();
  return { ...failed(run, { code, message }), status: 'cancelled' };
}

/** Ended without a result. The stage that was at work, or has failed, is the one to blame. */
export function failed(
  { stages }: TrainingRun,
  failure: { readonly code: string; readonly message: string },
): Partial<TrainingRun> {
  const ended = stages.map((stage) =>
    stage.status === 'running' ? { ...stage, status: 'failed' as const } : stage,
  );
  const stage = ended.find(({ status }) => status === 'failed')?.name ?? null;
  return { status: 'failed', stages: ended, finishedAt: new Date(), failure: { ...failure, stage } };
}
