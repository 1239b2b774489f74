import {
  artifactsAnswer,
  type LoggedModel,
  loggedModelAnswer,
  loggedModelsAnswer,
  type MlflowArtifact,
  nothing,
} from './answers.js';
import type { KeyValue, Metric } from './entities.js';
import { isMlflowError } from './mlflow.errors.js';
import { quotable } from './mlflow-runs.js';
import type { MlflowTransport } from './mlflow-transport.js';

const api = '/api/2.0/mlflow';

export interface NewLoggedModel {
  readonly experiment_id: string;
  readonly name: string;
  readonly model_type: string;
  readonly source_run_id: string;
  readonly params: readonly KeyValue[];
  readonly tags: readonly KeyValue[];
}

/** Logged models, which servers know since the line 3: a model with files and figures of its own, beside its run. */
export class MlflowModels {
  constructor(private readonly transport: MlflowTransport) {}

  /** The model of a run, or null; of one that failed and is left over too. */
  async ofRun(experiment: string, run_id: string): Promise<LoggedModel | null> {
    const { models } = await this.transport.write(loggedModelsAnswer, 'POST', `${api}/logged-models/search`, {
      experiment_ids: [experiment],
      filter: `source_run_id = '${quotable(run_id)}'`,
      max_results: 1,
    });
    return models[0] ?? null;
  }

  /** Makes a new model each time, which is not ready until it is said so. */
  async create(model: NewLoggedModel): Promise<LoggedModel> {
    const path = `${api}/logged-models`;
    // The server takes no `/ : . % " '` in the name.
    const name = model.name.replace(/[^\w-]/g, '_');
    const answer = await this.transport.write(
      loggedModelAnswer,
      'POST',
      path,
      { ...model, name },
      { once: true },
    );
    return answer.model;
  }

  /** Has the run's page show it; nothing happens where it does. */
  async link(run_id: string, model_id: string): Promise<void> {
    try {
      const values = { run_id, models: [{ model_id, step: 0 }] };
      await this.transport.write(nothing, 'POST', `${api}/runs/outputs`, values);
    } catch (error) {
      // The database's own constraint, said again as it is.
      if (!(isMlflowError(error, 'refused') && error.code === 'BAD_REQUEST')) throw error;
    }
  }

  /** Writes figures of the run that are its model's as well; at most a thousand. */
  async logMetrics(run_id: string, model_id: string, metrics: readonly Metric[]): Promise<void> {
    const values = { run_id, metrics: metrics.map((metric) => ({ ...metric, model_id })) };
    await this.transport.write(nothing, 'POST', `${api}/runs/log-batch`, values);
  }

  /** The files at the root of a model. */
  async files(model_id: string): Promise<MlflowArtifact[]> {
    const path = `${api}/logged-models/${encodeURIComponent(model_id)}/artifacts/directories`;
    return (await this.transport.get(artifactsAnswer, path)).files;
  }

  async finalize(model_id: string, status: 'READY' | 'UPLOAD_FAILED'): Promise<void> {
    const values = { model_id, status: `LOGGED_MODEL_${status}` };
    await this.transport.write(
      nothing,
      'PATCH',
      `${api}/logged-models/${encodeURIComponent(model_id)}`,
      values,
    );
  }

  async delete(model_id: string): Promise<void> {
    const path = `${api}/logged-models/${encodeURIComponent(model_id)}`;
    await this.transport.write(nothing, 'DELETE', path, {});
  }
}
