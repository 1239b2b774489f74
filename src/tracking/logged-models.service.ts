import { Injectable, Logger } from '@nestjs/common';
import type { ModelVersion } from '../registry/model-version.schema.js';
import type { LoggedModel, MlflowRun } from './mlflow/answers.js';
import { tags } from './mlflow/entities.js';
import { isMlflowError } from './mlflow/mlflow.errors.js';
import { mlmodel } from './mlmodel.js';
import { ModelFiles } from './model-files.service.js';
import { versionParams } from './run-figures.js';
import { Tracker } from './tracker.service.js';
import { versionLabels } from './version-labels.js';

/**
 * A version as a logged model of its run, on servers that know them: one a run, with the files of the run's model
 * folder once more, because the address of a registered version may only name the logged model's own.
 */
@Injectable()
export class LoggedModels {
  private readonly logger = new Logger(LoggedModels.name);

  constructor(
    private readonly tracker: Tracker,
    private readonly files: ModelFiles,
  ) {}

  /** Finds it, completes it, or makes it. @returns its id; null where there is none @throws MlflowError */
  async ensure(run: MlflowRun, version: ModelVersion): Promise<string | null> {
    const { loggedModels } = await this.tracker.capabilities();
    if (!loggedModels) return null;
    const found = await this.usable(run);
    if (found?.info.status === 'LOGGED_MODEL_READY') return found.info.model_id;
    if (version.pruned || !(await this.tracker.takesFiles(run.info.artifact_uri))) return null;
    const model = found ?? (await this.create(run, version));
    try {
      return await this.complete(model, run, version);
    } catch (error) {
      // One that is never ready would hide the run's own files. What a server that is away holds is completed later.
      if (!isMlflowError(error, 'unavailable')) await this.discard(model.info.model_id);
      throw error;
    }
  }

  /** The run's model, unless it failed and was not deleted. */
  private async usable({ info: { experiment_id, run_id } }: MlflowRun): Promise<LoggedModel | null> {
    const found = await this.tracker.client.models.ofRun(experiment_id, run_id);
    if (found?.info.status !== 'LOGGED_MODEL_UPLOAD_FAILED') return found;
    await this.tracker.client.models.delete(found.info.model_id);
    return null;
  }

  private create(
    { info: { experiment_id, run_id } }: MlflowRun,
    version: ModelVersion,
  ): Promise<LoggedModel> {
    return this.tracker.client.models.create({
      experiment_id,
      name: `${version.candidate}-${version.version}`,
      model_type: version.learner,
      source_run_id: run_id,
      params: versionParams(version),
      tags: tags(versionLabels(version)),
    });
  }

  private async complete(
    { info: { model_id, artifact_uri } }: LoggedModel,
    { info: { run_id } }: MlflowRun,
    version: ModelVersion,
  ): Promise<string> {
    const { models } = this.tracker.client;
    const place = { root: artifact_uri, list: () => models.files(model_id) };
    const described = mlmodel(version, { run_id, artifact_path: artifact_uri, model_id });
    await this.files.upload(place, version, described);
    await models.link(run_id, model_id);
    await models.finalize(model_id, 'READY');
    return model_id;
  }

  private async discard(model_id: string): Promise<void> {
    const { models } = this.tracker.client;
    try {
      await models.finalize(model_id, 'UPLOAD_FAILED');
      await models.delete(model_id);
    } catch (error) {
      if (!isMlflowError(error)) throw error;
      this.logger.warn(error, `the logged model ${model_id} failed and could not be deleted`);
    }
  }
}
