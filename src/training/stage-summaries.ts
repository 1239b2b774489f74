import type { Snapshot } from '../detector/dataset.js';
import type { Transformation } from '../transformation/transform.task.js';
import type { ValidationReport } from '../validation/validation-report.js';
import type { Evaluation } from './stages/evaluate.task.js';
import type { Registered } from './stages/registration.service.js';
import type { Trained } from './stages/trainer.service.js';

/** The line that each stage leaves in the run's record. */
export const summaries = {
  ingestion: ({ x, fingerprint }: Snapshot): string =>
    `${count(x.rows)} records, ${x.columns} features, fingerprint ${fingerprint.slice(0, 12)}`,

  validation: ({ status, checks, duplicates, drift }: ValidationReport): string => {
    const notPassed = checks.filter((check) => check.status !== 'passed').length;
    const drifted = drift ? `, ${drift.numberOfDriftedColumns} columns drifted` : '';
    return `${status}: ${checks.length - notPassed} of ${checks.length} checks, ${count(duplicates)} duplicates${drifted}`;
  },

  transformation: ({ train, test, folds }: Transformation): string =>
    `${count(train.length)} training rows in ${folds.length} folds, ${count(test.length)} test rows`,

  training: ({ candidates, winner, search }: Trained): string => {
    const scores = candidates.map(({ name, mean }) => `${name} ${figure(mean.rocAuc)}`).join(', ');
    return `${winner.name} wins (cross-validated ROC AUC: ${scores})${searchLine(search)}`;
  },

  evaluation: ({ test: { metrics, intervals } }: Evaluation): string => {
    const [low, high] = intervals.rocAuc ?? [null, null];
    return `test ROC AUC ${figure(metrics.rocAuc)} [${figure(low)}, ${figure(high)}], accuracy ${figure(metrics.accuracy)}`;
  },

  registration: ({ version, promoted, gate }: Registered): string => {
    const outcome = promoted
      ? 'promoted to champion'
      : gate.passed
        ? 'challenger'
        : 'challenger, did not pass the gate';
    return `version ${version.version}, ${outcome}`;
  },
};

function searchLine(search: Trained['search']): string {
  if (!search) return '';
  const { method, trials, fits, seconds, maxSeconds, outOfTime } = search;
  const end = outOfTime ? `, ended by its limit of ${maxSeconds} s` : '';
  return `; ${method} search: ${count(trials)} trials, ${count(fits)} fits, ${seconds.toFixed(1)} s${end}`;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function figure(value: number | null): string {
  return value === null ? 'none' : value.toFixed(4);
}
