import { type MlflowVersion, nothing, versionAnswer, versionsAnswer } from './answers.js';
import type { KeyValue } from './entities.js';
import { isMlflowError } from './mlflow.errors.js';
import { quotable } from './mlflow-runs.js';
import type { MlflowTransport, Values } from './mlflow-transport.js';

const api = '/api/2.0/mlflow';

export interface NewVersion {
  readonly name: string;
  /** Folder of the run's artifacts, or the logged model. */
  readonly source: string;
  readonly run_id: string;
  /** Where `source` is a logged model. */
  readonly model_id?: string;
  readonly description?: string;
  readonly tags: readonly KeyValue[];
}

/** Registered models, their versions and aliases. */
export class MlflowRegistry {
  constructor(private readonly transport: MlflowTransport) {}

  /** Makes a registered model unless it is there. */
  async ensureModel(name: string, description: string): Promise<void> {
    try {
      await this.post('registered-models/create', { name, description });
    } catch (error) {
      if (!(isMlflowError(error, 'refused') && error.code === 'RESOURCE_ALREADY_EXISTS')) throw error;
    }
  }

  /** The version of a model with a tag of this value, or null. */
  async findByTag(name: string, key: string, value: string): Promise<MlflowVersion | null> {
    return (await this.tagged(name, key, value, 1))[0] ?? null;
  }

  /** The versions of a model with a tag of this value. */
  async tagged(name: string, key: string, value: string, most = 100): Promise<MlflowVersion[]> {
    const { model_versions } = await this.transport.get(versionsAnswer, `${api}/model-versions/search`, {
      filter: `name='${quotable(name)}' AND tags.\`${key}\` = '${quotable(value)}'`,
      max_results: most,
    });
    return model_versions;
  }

  /** Makes a new version each time. */
  async createVersion(version: NewVersion): Promise<MlflowVersion> {
    const path = `${api}/model-versions/create`;
    const answer = await this.transport.write(versionAnswer, 'POST', path, { ...version }, { once: true });
    return answer.model_version;
  }

  async setAlias(name: string, alias: string, version: string): Promise<void> {
    await this.post('registered-models/alias', { name, alias, version });
  }

  /** Nothing happens where it is not set. */
  async deleteAlias(name: string, alias: string): Promise<void> {
    try {
      await this.transport.write(nothing, 'DELETE', `${api}/registered-models/alias`, { name, alias });
    } catch (error) {
      if (!isMlflowError(error, 'missing')) throw error;
    }
  }

  /** The version that an alias names, or null; also where the server knows no aliases. */
  async aliased(name: string, alias: string): Promise<MlflowVersion | null> {
    try {
      const path = `${api}/registered-models/alias`;
      return (await this.transport.get(versionAnswer, path, { name, alias })).model_version;
    } catch (error) {
      // An alias that is not set is a bad request to some servers, and a missing thing to others.
      const unset = isMlflowError(error, 'refused') && error.code === 'INVALID_PARAMETER_VALUE';
      if (unset || isMlflowError(error, 'missing', 'unsupported')) return null;
      throw error;
    }
  }

  /** The version of this number, or null. */
  async version(name: string, version: string): Promise<MlflowVersion | null> {
    try {
      return (await this.transport.get(versionAnswer, `${api}/model-versions/get`, { name, version }))
        .model_version;
    } catch (error) {
      if (isMlflowError(error, 'missing')) return null;
      throw error;
    }
  }

  async setVersionTag(name: string, version: string, key: string, value: string): Promise<void> {
    await this.post('model-versions/set-tag', { name, version, key, value });
  }

  /** Nothing happens where it is not there. */
  async deleteVersionTag(name: string, version: string, key: string): Promise<void> {
    const values = { name, version, key };
    await this.transport.write(nothing, 'DELETE', `${api}/model-versions/delete-tag`, values);
  }

  private async post(path: string, values: Values): Promise<void> {
    await this.transport.write(nothing, 'POST', `${api}/${path}`, values);
  }
}
