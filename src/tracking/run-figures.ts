import type { ModelVersion } from '../registry/model-version.schema.js';
import type { CandidateResult } from '../training/stages/candidate-result.js';
import type { RunStatus, TrainingRun } from '../training/training-run.schema.js';
import { type KeyValue, type Metric, metrics, params, tags } from './mlflow/entities.js';
import type { DatasetInput, MlflowRunStatus } from './mlflow/mlflow-runs.js';
import { columns } from './mlmodel.js';
import { versionLabels } from './version-labels.js';

/** Tags by which things are found again. */
export const runTag = 'netwarden.run';
export const candidateTag = 'netwarden.candidate_of';

const statuses: Readonly<Record<RunStatus, MlflowRunStatus>> = {
  queued: 'RUNNING',
  running: 'RUNNING',
  succeeded: 'FINISHED',
  failed: 'FAILED',
  cancelled: 'KILLED',
  skipped: 'FINISHED',
};

/** Experiment and registered model of a detector. */
export function trackedName(detector: string): string {
  return `netwarden-${detector}`;
}

export function mlflowStatus({ status }: Pick<TrainingRun, 'status'>): MlflowRunStatus {
  return statuses[status];
}

export function runTags(run: TrainingRun, version: ModelVersion | null): KeyValue[] {
  return tags({
    'mlflow.user': run.actor,
    'mlflow.source.name': 'netwarden',
    'mlflow.source.type': 'JOB',
    'netwarden.detector': run.detector,
    'netwarden.status': run.status,
    'netwarden.trigger': [run.trigger.kind, run.trigger.detail].filter(Boolean).join(': '),
    'netwarden.data_fingerprint': run.fingerprint,
    ...(version && versionLabels(version)),
    'netwarden.candidate': version?.candidate,
    'netwarden.gate': run.gate ? (run.promoted ? 'passed' : 'held back') : null,
    'netwarden.failure': run.failure && `${run.failure.code}: ${run.failure.message}`,
  });
}

/** What was asked for, and what came of it. */
export function runParams(run: TrainingRun): KeyValue[] {
  const { candidates, seed, promote } = run.options;
  const winner = run.candidates.find(({ selected }) => selected);
  return params({
    seed,
    promote,
    candidates: candidates.join(', '),
    ...(winner && candidateValues(winner)),
    ...prefixed('threshold', run.evaluation?.thresholds),
  });
}

/** `test.*` of the test part, `validation.*` of the out-of-fold predictions, `cv.*` of the winner's folds. */
export function runMetrics(run: TrainingRun): Metric[] {
  const { evaluation, finishedAt, candidates } = run;
  const winner = candidates.find(({ selected }) => selected);
  const durations = run.stages.map(({ name, durationMs }) => [`stage.${name}.ms`, durationMs] as const);
  return metrics(
    {
      ...prefixed('test', evaluation?.test.metrics),
      ...intervalEnds('test', evaluation?.test.intervals),
      ...prefixed('validation', evaluation?.validation.metrics),
      ...prefixed('cv', winner?.mean),
      ...Object.fromEntries(durations),
    },
    timeOf(finishedAt),
  );
}

/** Those of the test part, which are the model's as well; the same points as in {@link runMetrics}. */
export function testMetrics({ evaluation, finishedAt }: TrainingRun): Metric[] {
  return metrics(prefixed('test', evaluation?.test.metrics), timeOf(finishedAt));
}

export function candidateParams(candidate: CandidateResult): KeyValue[] {
  return params({ ...candidateValues(candidate), tried: candidate.tried });
}

/** `fold.*` has one step a fold; `cv.*` is their mean and its `.std` their standard deviation. */
export function candidateMetrics(candidate: CandidateResult, finishedAt: Date | null): Metric[] {
  const at = timeOf(finishedAt);
  const deviations = Object.entries(candidate.std).map(([name, value]) => [`cv.${name}.std`, value] as const);
  return [
    ...candidate.folds.flatMap((fold, step) =>
      metrics({ ...prefixed('fold', fold.metrics), 'fold.fit_ms': fold.fitMs }, at, step),
    ),
    ...metrics({ ...prefixed('cv', candidate.mean), ...Object.fromEntries(deviations) }, at),
  ];
}

/** The rows that were learned from and those that were measured on; digests that differ keep them apart. */
export function datasets(run: TrainingRun, version: ModelVersion): DatasetInput[] {
  const { detector, lineage } = version;
  const tested = version.metrics.rows;
  const fingerprint = (run.fingerprint ?? lineage.fingerprint ?? version.sha256).replace(/^.*:/, '');
  const source = { service: 'netwarden', detector, fingerprint };
  const schema = { mlflow_colspec: columns(version) };
  const part = (context: string, suffix: string, rows: number): DatasetInput => ({
    context,
    name: detector,
    digest: fingerprint.slice(0, 30) + suffix,
    source,
    schema,
    profile: { num_rows: rows, num_features: version.signature.length },
  });
  return [part('training', '-train', lineage.rows - tested), part('evaluation', '-test', tested)];
}

function candidateValues({
  name,
  learner,
  imputer,
  encoder,
  options,
}: CandidateResult): Record<string, unknown> {
  return { candidate: name, learner, imputer, encoder, ...prefixed('options', options) };
}

function prefixed(prefix: string, values: object = {}): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`${prefix}.${name}`, value as unknown]),
  );
}

function intervalEnds(prefix: string, intervals: object = {}): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(intervals).flatMap(([name, ends]) =>
      Array.isArray(ends)
        ? [
            [`${prefix}.${name}.low`, ends[0] as unknown],
            [`${prefix}.${name}.high`, ends[1] as unknown],
          ]
        : [],
    ),
  );
}

/** The same on every try, so that no point of a metric is stored twice. */
function timeOf(finishedAt: Date | null): number {
  return finishedAt?.getTime() ?? 0;
}
