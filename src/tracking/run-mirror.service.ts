import { Injectable } from '@nestjs/common';
import { modelCardMarkdown } from '../registry/card/model-card-markdown.js';
import type { ModelVersion } from '../registry/model-version.schema.js';
import { RegistryService } from '../registry/registry.service.js';
import type { CandidateResult } from '../training/stages/candidate-result.js';
import type { TrainingRun } from '../training/training-run.schema.js';
import { writeReport } from '../validation/report-writers.js';
import { curveSvg } from './curve-svg.js';
import type { MlflowRun } from './mlflow/answers.js';
import { tags } from './mlflow/entities.js';
import { ModelFiles } from './model-files.service.js';
import {
  candidateMetrics,
  candidateParams,
  candidateTag,
  datasets,
  mlflowStatus,
  runMetrics,
  runParams,
  runTag,
  runTags,
  trackedName,
} from './run-figures.js';
import { Tracker } from './tracker.service.js';

/** Makes one MLflow run of each training run. Done again, or cut off and done again, it comes to the same. */
@Injectable()
export class RunMirror {
  constructor(
    private readonly tracker: Tracker,
    private readonly registry: RegistryService,
    private readonly files: ModelFiles,
  ) {}

  /** @returns the page that shows it. @throws MlflowError */
  async deliver(run: TrainingRun): Promise<string> {
    const { client } = this.tracker;
    const { artifacts } = await this.tracker.capabilities();
    const version = await this.versionOf(run);
    const started = run.startedAt ?? run.createdAt;
    const mirrored = await this.ensure(run.detector, run._id, nameOf(run), started);
    const { run_id } = mirrored.info;
    await client.runs.log(run_id, {
      params: runParams(run),
      metrics: runMetrics(run),
      tags: runTags(run, version),
    });
    if (version) {
      await this.tracker.optional('dataset inputs', () =>
        client.runs.logInputs(run_id, datasets(run, version)),
      );
    }
    for (const candidate of run.candidates) await this.deliverCandidate(run, candidate, mirrored);
    if (artifacts) {
      await this.putReports(run, mirrored);
      if (version && !version.pruned) {
        await this.putText(mirrored, 'model-card.md', modelCardMarkdown(await this.registry.card(version)));
        await this.files.put(mirrored, version);
      }
    }
    await client.runs.end(run_id, mlflowStatus(run), run.finishedAt ?? new Date());
    return this.pageOf(mirrored);
  }

  /**
   * The run of this key: found by its tag, else made.
   * @param key of a training run, or what made a version without one
   */
  async ensure(detector: string, key: string, name: string, started: Date): Promise<MlflowRun> {
    const { runs } = this.tracker.client;
    const experiment = await runs.experiment(trackedName(detector));
    const found = await runs.findByTag(experiment, runTag, key);
    return found ?? runs.create(experiment, name, started, tags({ [runTag]: key }));
  }

  pageOf({ info }: MlflowRun): string {
    return `${this.tracker.client.base}/#/experiments/${info.experiment_id}/runs/${info.run_id}`;
  }

  private async deliverCandidate(
    run: TrainingRun,
    candidate: CandidateResult,
    parent: MlflowRun,
  ): Promise<void> {
    const { runs } = this.tracker.client;
    const { experiment_id, run_id: parentId } = parent.info;
    const key = `${run._id}:${candidate.name}`;
    const started = run.stages.find(({ name }) => name === 'training')?.startedAt ?? run.createdAt;
    const labels = tags({
      [candidateTag]: key,
      'mlflow.parentRunId': parentId,
      'netwarden.detector': run.detector,
      'netwarden.selected': candidate.selected,
    });
    const child =
      (await runs.findByTag(experiment_id, candidateTag, key)) ??
      (await runs.create(experiment_id, candidate.name, started, labels));
    const { run_id } = child.info;
    const figures = candidateMetrics(candidate, run.finishedAt);
    await runs.log(run_id, { params: candidateParams(candidate), metrics: figures });
    await runs.end(run_id, 'FINISHED', run.finishedAt ?? new Date());
  }

  private async putReports({ validation, evaluation }: TrainingRun, mirrored: MlflowRun): Promise<void> {
    if (validation) await this.putText(mirrored, 'reports/validation.html', writeReport(validation, 'html'));
    if (!evaluation) return;
    const { roc, precisionRecall } = evaluation.curves;
    const rocPoints = roc.map((p) => [p.falsePositiveRate, p.truePositiveRate] as const);
    const rocTitles = { curve: 'ROC, test part', x: 'False-positive rate', y: 'True-positive rate' };
    await this.putText(mirrored, 'curves/roc.svg', curveSvg(rocPoints, rocTitles));
    const prPoints = precisionRecall.map((p) => [p.recall, p.precision] as const);
    const prTitles = { curve: 'Precision and recall, test part', x: 'Recall', y: 'Precision' };
    await this.putText(mirrored, 'curves/precision-recall.svg', curveSvg(prPoints, prTitles));
  }

  private async putText({ info }: MlflowRun, path: string, text: string): Promise<void> {
    const bytes = Buffer.from(text, 'utf8');
    await this.tracker.optional('artifacts', () =>
      this.tracker.client.artifacts.put(info.artifact_uri, path, bytes, bytes.length),
    );
  }

  private async versionOf({ detector, version }: TrainingRun): Promise<ModelVersion | null> {
    return version === null ? null : this.registry.getVersion(detector, version);
  }
}

function nameOf({ detector, version, createdAt }: TrainingRun): string {
  const moment = createdAt.toISOString().slice(0, 16).replace('T', ' ');
  return version === null ? `${detector} ${moment}` : `${detector} version ${version}`;
}
