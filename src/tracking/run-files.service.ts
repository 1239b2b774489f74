import { Injectable } from '@nestjs/common';
import { modelCardMarkdown } from '../cards/model-card-markdown.js';
import type { ModelVersion } from '../registry/model-version.schema.js';
import { RegistryService } from '../registry/registry.service.js';
import type { TrainingRun } from '../runs/training-run.schema.js';
import { writeReport } from '../validation/report-writers.js';
import { curveSvg } from './curve-svg.js';
import { LoggedModels } from './logged-models.service.js';
import type { MlflowRun } from './mlflow/answers.js';
import { ModelFiles } from './model-files.service.js';
import { Tracker } from './tracker.service.js';

/** The files of a run: reports, curves and the model. */
@Injectable()
export class RunFiles {
  constructor(
    private readonly tracker: Tracker,
    private readonly registry: RegistryService,
    private readonly files: ModelFiles,
    private readonly models: LoggedModels,
  ) {}

  /** Puts what a run found out, where the server takes files. @throws MlflowError */
  async putReports({ validation, evaluation }: TrainingRun, mirrored: MlflowRun): Promise<void> {
    if (!(await this.tracker.takesFiles(mirrored.info.artifact_uri))) return;
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

  /** Puts a version's card and bundle. @returns the id of the logged model, where there is one @throws MlflowError */
  async putModel(mirrored: MlflowRun, version: ModelVersion): Promise<string | null> {
    if (!version.pruned && (await this.files.put(mirrored, version))) {
      await this.putText(mirrored, 'model-card.md', modelCardMarkdown(await this.registry.card(version)));
    }
    return this.models.ensure(mirrored, version);
  }

  private async putText({ info }: MlflowRun, path: string, text: string): Promise<void> {
    const bytes = Buffer.from(text, 'utf8');
    await this.tracker.optional('artifacts', () =>
      this.tracker.client.artifacts.put(info.artifact_uri, path, bytes, bytes.length),
    );
  }
}
