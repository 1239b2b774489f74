import type { ModelVersion } from '../registry/model-version.schema.js';
import type { CandidateDto } from '../runs/candidate.dto.js';
import type { RunStatus, TrainingRun } from '../runs/training-run.schema.js';
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

/** Who and what a run comes from, as MLflow's pages show it. */
export function originTags(user: string): Record<string, unknown> {
  return { 'mlflow.user': user, 'mlflow.source.name': 'netwarden', 'mlflow.source.type': 'JOB' };
}

export function runTags(run: TrainingRun, version: ModelVersion | null): KeyValue[] {
  return tags({
    ...originTags(run.actor),
    'netwarden.detector': run.detector,
    'netwarden.status': run.status,
    'netwarden.trigger': [run.trigger.kind, run.trigger.detail].filter(Boolean).join(': '),
    'netwarden.data_fingerprint': run.fingerprint,
    ...(version && versionLabels(version)),
    'netwarden.candidate': version?.candidate,
    'netwarden.gate': run.gate && (run.gate.passed ? 'passed' : 'held back'),
    'netwarden.promoted': version && run.promoted,
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
      ...partFigures('test', evaluation?.test.metrics),
      ...intervalEnds('test', evaluation?.test.intervals),
      ...partFigures('validation', evaluation?.validation.metrics),
      ...prefixed('cv', winner?.mean),
      ...Object.fromEntries(durations),
    },
    timeOf(finishedAt),
  );
}

/** Those of the test part, which are the model's as well; the same points as in {@link runMetrics}. */
export function testMetrics({ evaluation, finishedAt }: TrainingRun): Metric[] {
  return metrics(partFigures('test', evaluation?.test.metrics), timeOf(finishedAt));
}

/** What is known of a version whose run is not: one of the baseline, or imported. */
export function versionMetrics({ metrics: figures, createdAt }: ModelVersion): Metric[] {
  return metrics(partFigures('test', figures), createdAt.getTime());
}

/** As {@link versionMetrics}. */
export function versionParams({ candidate, learner, lineage, thresholds }: ModelVersion): KeyValue[] {
  return params({ candidate, learner, seed: lineage.seed, ...prefixed('threshold', thresholds) });
}

export function candidateParams(candidate: CandidateDto): KeyValue[] {
  return params({ ...candidateValues(candidate), tried: candidate.tried });
}

/**
 * `fold.*` has one step a fold, at the time when its fit would have ended had it been the only one; `cv.*` is their mean
 * and its `.std` their standard deviation.
 */
export function candidateMetrics(candidate: CandidateDto, started: Date, finishedAt: Date | null): Metric[] {
  const at = timeOf(finishedAt);
  const ends: number[] = [];
  for (const { fitMs } of candidate.folds) ends.push((ends.at(-1) ?? started.getTime()) + fitMs);
  const deviations = Object.entries(candidate.std).map(([name, value]) => [`cv.${name}.std`, value] as const);
  return [
    ...candidate.folds.flatMap((fold, step) =>
      metrics({ ...partFigures('fold', fold.metrics), 'fold.fit_ms': fold.fitMs }, ends[step], step),
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
}: CandidateDto): Record<string, unknown> {
  return { candidate: name, learner, imputer, encoder, ...prefixed('options', options) };
}

/**
 * A part's metrics, the counts of the confusion matrix among them. Pages show the first one most: it is no count, and
 * not the number of rows, which is the same for all.
 */
function partFigures(part: string, figures?: ModelVersion['metrics']): Record<string, unknown> {
  if (!figures) return {};
  const { rows, confusion, rocAuc, ...rest } = figures;
  return prefixed(part, { rocAuc, ...rest, ...confusion, rows });
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
