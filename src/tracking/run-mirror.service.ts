import { Injectable } from '@nestjs/common';
import type { ModelVersion } from '../registry/model-version.schema.js';
import { RegistryService } from '../registry/registry.service.js';
import type { CandidateDto } from '../runs/candidate.dto.js';
import { hasEnded, type TrainingRun } from '../runs/training-run.schema.js';
import { MirroredRuns } from '../runs/mirrored-runs.repository.js';
import type { MlflowRun } from './mlflow/answers.js';
import { tags } from './mlflow/entities.js';
import type { RunBatch } from './mlflow/mlflow-runs.js';
import {
  candidateMetrics,
  candidateParams,
  candidateTag,
  datasets,
  mlflowStatus,
  originTags,
  runMetrics,
  runParams,
  runTag,
  runTags,
  testMetrics,
  trackedName,
  versionMetrics,
  versionParams,
} from './run-figures.js';
import { RunFiles } from './run-files.service.js';
import { Tracker } from './tracker.service.js';
import { versionLabels } from './version-labels.js';

/** Makes one MLflow run of each training run. Done again, or cut off and done again, it comes to the same. */
@Injectable()
export class RunMirror {
  constructor(
    private readonly tracker: Tracker,
    private readonly registry: RegistryService,
    private readonly files: RunFiles,
    private readonly trainingRuns: MirroredRuns,
  ) {}

  /** @returns the page that shows it. @throws MlflowError */
  async deliver(run: TrainingRun): Promise<string> {
    const { runs } = this.tracker.client;
    const version = run.version === null ? null : await this.registry.getVersion(run.detector, run.version);
    const mirrored = await this.ensure(run.detector, run._id, nameOf(run), run.startedAt ?? run.createdAt);
    const { run_id } = mirrored.info;
    await runs.log(run_id, runBatch(run, version));
    if (version) {
      const inputs = datasets(run, version);
      await this.tracker.attempt('dataset inputs', () => runs.logInputs(run_id, inputs));
    }
    for (const candidate of run.candidates) await this.deliverCandidate(run, candidate, mirrored);
    // Before the files: where they cannot be stored, the run is not shown as one that goes on for ever.
    await runs.end(run_id, mlflowStatus(run), run.finishedAt ?? new Date());
    await this.files.putReports(run, mirrored);
    if (version) await this.deliverModel(run, version, mirrored);
    return this.pageOf(mirrored);
  }

  /**
   * The run that made a version. One that no entry of the outbox is of, because it ended elsewhere or before tracking,
   * is made and ended here; an alias may also be moved before the run has ended, or has been delivered.
   */
  async ofVersion(version: ModelVersion): Promise<MlflowRun> {
    const { detector, lineage, createdAt } = version;
    const training = await this.trainingRuns.find(lineage.run);
    const started = training?.startedAt ?? createdAt;
    const mirrored = await this.ensure(
      detector,
      lineage.run,
      `${detector} version ${version.version}`,
      started,
    );
    const { run_id, status } = mirrored.info;
    if (status === 'RUNNING' && (training === null || hasEnded(training))) {
      const { runs } = this.tracker.client;
      const batch = training ? runBatch(training, version) : versionBatch(version);
      await this.tracker.attempt('what is known of a version', () => runs.log(run_id, batch));
      const end = training?.finishedAt ?? createdAt;
      await runs.end(run_id, training ? mlflowStatus(training) : 'FINISHED', end);
    }
    return mirrored;
  }

  /** Puts a version's files into its run. @returns the id of the logged model, where there is one @throws MlflowError */
  putModel(mirrored: MlflowRun, version: ModelVersion): Promise<string | null> {
    return this.files.putModel(mirrored, version);
  }

  pageOf({ info }: MlflowRun): Promise<string> {
    return this.tracker.pageOf(`experiments/${info.experiment_id}/runs/${info.run_id}`);
  }

  /** The run of this key, which is a training run's id or what made a version without one: found by its tag, else made. */
  private async ensure(detector: string, key: string, name: string, started: Date): Promise<MlflowRun> {
    const { runs } = this.tracker.client;
    const experiment = await runs.experiment(trackedName(detector));
    const [found, ...twins] = await runs.tagged(experiment, runTag, key);
    // A call that was given up and carried out late has made them.
    for (const { info } of twins) await runs.delete(info.run_id);
    return found ?? runs.create(experiment, name, started, tags({ [runTag]: key }));
  }

  private async deliverModel(run: TrainingRun, version: ModelVersion, mirrored: MlflowRun): Promise<void> {
    const model = await this.files.putModel(mirrored, version);
    if (model === null) return;
    await this.tracker.client.models.logMetrics(mirrored.info.run_id, model, testMetrics(run));
  }

  private async deliverCandidate(
    run: TrainingRun,
    candidate: CandidateDto,
    parent: MlflowRun,
  ): Promise<void> {
    const { runs } = this.tracker.client;
    const { experiment_id, run_id: parentId } = parent.info;
    const key = `${run._id}:${candidate.name}`;
    const training = run.stages.find(({ name }) => name === 'training');
    const started = training?.startedAt ?? run.createdAt;
    const ended = new Date(started.getTime() + (training?.durationMs ?? 0));
    const labels = tags({
      ...originTags(run.actor),
      [candidateTag]: key,
      'mlflow.parentRunId': parentId,
      'netwarden.detector': run.detector,
      'netwarden.selected': candidate.selected,
    });
    const child =
      (await runs.findByTag(experiment_id, candidateTag, key)) ??
      (await runs.create(experiment_id, candidate.name, started, labels));
    const { run_id } = child.info;
    const figures = candidateMetrics(candidate, started, run.finishedAt);
    await runs.log(run_id, { params: candidateParams(candidate), metrics: figures });
    await runs.end(run_id, 'FINISHED', ended);
  }
}

function runBatch(run: TrainingRun, version: ModelVersion | null): RunBatch {
  return { params: runParams(run), metrics: runMetrics(run), tags: runTags(run, version) };
}

function versionBatch(version: ModelVersion): RunBatch {
  return {
    params: versionParams(version),
    metrics: versionMetrics(version),
    tags: tags({ ...originTags(version.lineage.imported?.by ?? 'netwarden'), ...versionLabels(version) }),
  };
}

function nameOf({ detector, version, createdAt }: TrainingRun): string {
  const moment = createdAt.toISOString().slice(0, 16).replace('T', ' ');
  return version === null ? `${detector} ${moment}` : `${detector} version ${version}`;
}
