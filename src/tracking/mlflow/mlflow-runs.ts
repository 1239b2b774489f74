import { z } from 'zod';
import { experimentAnswer, type MlflowRun, nothing, runAnswer, runsAnswer } from './answers.js';
import { chunks, type KeyValue, limits, type Metric } from './entities.js';
import { isMlflowError } from './mlflow.errors.js';
import type { MlflowTransport } from './mlflow-transport.js';

const api = '/api/2.0/mlflow';

export type MlflowRunStatus = 'RUNNING' | 'FINISHED' | 'FAILED' | 'KILLED';

export interface RunBatch {
  readonly params?: readonly KeyValue[];
  readonly metrics?: readonly Metric[];
  readonly tags?: readonly KeyValue[];
}

/** A dataset of a run; `digest` has to tell one with another context apart, or the server drops it. */
export interface DatasetInput {
  readonly context: string;
  readonly name: string;
  /** At most 36 characters are kept. */
  readonly digest: string;
  readonly source: object;
  readonly schema: object;
  readonly profile: object;
}

/** Experiments, runs and what is written to them. */
export class MlflowRuns {
  constructor(private readonly transport: MlflowTransport) {}

  /** The experiment of a name: found, brought back where it was deleted, or made. */
  async experiment(name: string): Promise<string> {
    const found = await this.experimentNamed(name);
    if (!found) return this.createExperiment(name);
    if (found.lifecycle_stage === 'deleted') {
      const { experiment_id } = found;
      await this.transport.write(nothing, 'POST', `${api}/experiments/restore`, { experiment_id });
    }
    return found.experiment_id;
  }

  /** The oldest living run with a tag of this value, or null. */
  async findByTag(experiment: string, key: string, value: string): Promise<MlflowRun | null> {
    return (await this.tagged(experiment, key, value, 1))[0] ?? null;
  }

  /** The living runs with a tag of this value, oldest first. */
  async tagged(experiment: string, key: string, value: string, most = 100): Promise<MlflowRun[]> {
    const { runs } = await this.transport.write(runsAnswer, 'POST', `${api}/runs/search`, {
      experiment_ids: [experiment],
      filter: `tags.\`${key}\` = '${quotable(value)}'`,
      run_view_type: 'ACTIVE_ONLY',
      order_by: ['attributes.start_time ASC'],
      max_results: most,
    });
    return runs;
  }

  /** Makes a new run each time. */
  async create(
    experiment: string,
    name: string,
    startTime: Date,
    tags: readonly KeyValue[],
  ): Promise<MlflowRun> {
    const values = { experiment_id: experiment, run_name: name, start_time: startTime.getTime(), tags };
    const { run } = await this.transport.write(runAnswer, 'POST', `${api}/runs/create`, values, {
      once: true,
    });
    return run;
  }

  async get(run_id: string): Promise<MlflowRun> {
    return (await this.transport.get(runAnswer, `${api}/runs/get`, { run_id })).run;
  }

  /** In as many calls as the server's limits ask for; sending it again changes nothing. */
  async log(run_id: string, { params = [], metrics = [], tags = [] }: RunBatch): Promise<void> {
    const batches: RunBatch[] = [
      ...chunks(params, limits.paramsABatch).map((part) => ({ params: part })),
      ...chunks(metrics, limits.metricsABatch).map((part) => ({ metrics: part })),
      ...chunks(tags, limits.tagsABatch).map((part) => ({ tags: part })),
    ];
    for (const batch of batches) {
      await this.transport.write(nothing, 'POST', `${api}/runs/log-batch`, { run_id, ...batch });
    }
  }

  async delete(run_id: string): Promise<void> {
    await this.transport.write(nothing, 'POST', `${api}/runs/delete`, { run_id });
  }

  /** Nothing happens where it is not there. */
  async deleteTag(run_id: string, key: string): Promise<void> {
    try {
      await this.transport.write(nothing, 'POST', `${api}/runs/delete-tag`, { run_id, key });
    } catch (error) {
      if (!isMlflowError(error, 'missing')) throw error;
    }
  }

  async logInputs(run_id: string, inputs: readonly DatasetInput[]): Promise<void> {
    const datasets = inputs.map(({ context, name, digest, source, schema, profile }) => ({
      tags: [{ key: 'mlflow.data.context', value: context }],
      dataset: {
        name,
        digest: digest.slice(0, limits.datasetDigest),
        source_type: 'netwarden',
        // As text: an object there is dropped without a word.
        source: JSON.stringify(source),
        schema: JSON.stringify(schema),
        profile: JSON.stringify(profile),
      },
    }));
    await this.transport.write(nothing, 'POST', `${api}/runs/log-inputs`, { run_id, datasets });
  }

  /** Notes that a folder of the run's artifacts holds a model. @param model what stands in its `MLmodel` */
  async logModel(run_id: string, model: object): Promise<void> {
    const values = { run_id, model_json: JSON.stringify(model) };
    await this.transport.write(nothing, 'POST', `${api}/runs/log-model`, values);
  }

  async end(run_id: string, status: MlflowRunStatus, endTime: Date): Promise<void> {
    const values = { run_id, status, end_time: endTime.getTime() };
    await this.transport.write(nothing, 'POST', `${api}/runs/update`, values);
  }

  /** The experiment of a name, deleted ones included, or null. */
  async experimentNamed(
    experiment_name: string,
  ): Promise<z.infer<typeof experimentAnswer>['experiment'] | null> {
    try {
      const path = `${api}/experiments/get-by-name`;
      return (await this.transport.get(experimentAnswer, path, { experiment_name })).experiment;
    } catch (error) {
      if (isMlflowError(error, 'missing')) return null;
      throw error;
    }
  }

  private async createExperiment(name: string): Promise<string> {
    const schema = z.object({ experiment_id: z.string() });
    try {
      return (await this.transport.write(schema, 'POST', `${api}/experiments/create`, { name }))
        .experiment_id;
    } catch (error) {
      // Somebody else made it in between, or a try whose answer was lost.
      const other = isMlflowError(error, 'refused') && error.code === 'RESOURCE_ALREADY_EXISTS';
      const found = other ? await this.experimentNamed(name) : null;
      if (found) return found.experiment_id;
      throw error;
    }
  }
}

/** Text that may stand between quotes in a filter. */
export function quotable(text: string): string {
  return text.replace(/[^\w.:/-]/g, '_');
}
