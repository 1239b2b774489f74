import type { RunNews } from './run-event.schema.js';
import type { Stage, TrainingRun } from './training-run.schema.js';

type Standing = Pick<TrainingRun, 'status' | 'reason' | 'attempts' | 'version' | 'promoted' | 'failure'>;

/** Told when a run's status changes; the last one of a story has its outcome. */
export function statusNews({ status, reason, attempts, version, promoted, failure }: Standing): RunNews {
  return { type: 'status', data: { status, reason, attempts, version, promoted, failure } };
}

/** Told when a stage begins or ends. */
export function stageNews({ name, status, summary, durationMs }: Stage): RunNews {
  return { type: 'stage', data: { stage: name, status, summary, durationMs } };
}

export function progressNews({ name, progress }: Stage): RunNews {
  return { type: 'progress', data: { stage: name, progress } };
}
