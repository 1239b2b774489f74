import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Environment } from '../config/environment.js';
import { digestOf } from '../registry/bundle/bundle-codec.js';
import { BundleImportService, type ImportedVersion } from '../registry/bundle-import.service.js';
import { readBundle } from '../registry/bundle-upload.js';
import { BundleRefusedError, BundleTooLargeError } from '../registry/registry.errors.js';
import { aliasRunTag, aliasVersionTag } from './alias-mirror.service.js';
import type { MlflowVersion } from './mlflow/answers.js';
import { isMlflowError } from './mlflow/mlflow.errors.js';
import { modelFolder } from './model-files.service.js';
import { type ModelUri, parseModelUri } from './model-uri.js';
import { Tracker } from './tracker.service.js';
import { TrackedVersionUnknownError, TrackingFailedError, TrackingOffError } from './tracking.errors.js';
import { labels } from './version-labels.js';

/** What the mirror has left of a version: where its files are, and what it says of them. */
interface Tracked {
  /** How people find it there. */
  readonly title: string;
  readonly runId: string;
  readonly tags: ReadonlyMap<string, string>;
}

/** Takes versions back that a mirror, of this installation or of another one, has left on the tracking server. */
@Injectable()
export class VersionImport {
  constructor(
    private readonly environment: Environment,
    private readonly tracker: Tracker,
    private readonly bundles: BundleImportService,
  ) {}

  /**
   * A new version of the bundle that a model's address leads to; the version that has it already, where there is one.
   * @param uri as MLflow writes it, `models:/<name>@<alias>` or `models:/<name>/<version>`
   * @throws RequestInvalidError, TrackingOffError, TrackedVersionUnknownError, TrackingFailedError, and
   *   BundleRefusedError where the bundle is not what the mirror stored; then nothing is stored here
   */
  async import(uri: string, by: string): Promise<ImportedVersion> {
    const wanted = parseModelUri(uri);
    if (!this.tracker.enabled) throw new TrackingOffError();
    const server = this.tracker.client.base;
    try {
      const tracked = await this.find(wanted);
      if (!tracked) throw new TrackedVersionUnknownError(uri, server);
      const { detector, version, sha256, file } = mirrored(tracked);
      const bytes = await this.download(tracked, file);
      if (digestOf(bytes) !== sha256) {
        const reason = `${file} of ${tracked.title} does not have the sha256 of its tag ${labels.sha256}`;
        throw new BundleRefusedError(`${reason}: it was altered or damaged there`);
      }
      const source = `${tracked.title} on ${server}`;
      return await this.bundles.import(detector, bytes, { source, version, by });
    } catch (error) {
      if (isMlflowError(error)) throw new TrackingFailedError(server, error);
      throw error;
    }
  }

  /** As the mirror leaves versions: in the registry, else as tags of their runs. */
  private async find(uri: ModelUri): Promise<Tracked | null> {
    const { registry } = await this.tracker.capabilities();
    const version = registry ? await this.registered(uri) : null;
    // A number means another thing where there is a registry.
    if (!version) return registry && uri.version !== undefined ? null : this.tagged(uri);
    const title = `models:/${version.name}/${version.version}`;
    return { title, runId: version.run_id, tags: mapOf(version.tags) };
  }

  private async registered({ name, alias, version }: ModelUri): Promise<MlflowVersion | null> {
    const { registry } = this.tracker.client;
    if (version !== undefined) return registry.version(name, version);
    const aliased = await registry.aliased(name, alias);
    return aliased ?? (await registry.findByTag(name, aliasVersionTag(alias), 'true'));
  }

  private async tagged({ name, alias, version }: ModelUri): Promise<Tracked | null> {
    const { runs } = this.tracker.client;
    const experiment = await runs.experimentNamed(name);
    if (!experiment) return null;
    const [key, value] = version === undefined ? [aliasRunTag(alias), 'true'] : [labels.version, version];
    const run = await runs.findByTag(experiment.experiment_id, key, value);
    return run && { title: `run ${run.info.run_id}`, runId: run.info.run_id, tags: mapOf(run.data.tags) };
  }

  /** A file of the run that made it. @throws BundleTooLargeError, BundleRefusedError */
  private async download({ title, runId }: Tracked, file: string): Promise<Buffer> {
    const { runs, artifacts } = this.tracker.client;
    try {
      const { info } = await runs.get(runId);
      const found = (await artifacts.list(runId, modelFolder)).find(({ path }) => path === file);
      if (!found) throw new BundleRefusedError(`the run of ${title} has no file ${file}`);
      const { bundleLimit } = this.environment;
      if (!(found.file_size >= 0 && found.file_size <= bundleLimit))
        throw new BundleTooLargeError(bundleLimit);
      const pieces = await artifacts.get(info.artifact_uri, file, found.file_size);
      const upload = { stream: Readable.from(pieces), announced: found.file_size };
      return await readBundle(upload, bundleLimit);
    } catch (error) {
      if (isMlflowError(error, 'missing')) throw new BundleRefusedError(`the run of ${title} was deleted`);
      throw error;
    }
  }
}

/** What the tags of a mirrored version say. @throws BundleRefusedError where they are not there */
function mirrored({ title, tags }: Tracked): {
  detector: string;
  version: number | null;
  sha256: string;
  file: string;
} {
  const tag = (key: string): string => {
    const value = tags.get(key);
    if (value !== undefined) return value;
    throw new BundleRefusedError(`${title} has no tag ${key}, so it is none that Netwarden has mirrored`);
  };
  const version = Number(tags.get(labels.version));
  return {
    detector: tag(labels.detector),
    version: Number.isInteger(version) ? version : null,
    sha256: tag(labels.sha256),
    file: `${modelFolder}/${tag(labels.bundle)}`,
  };
}

function mapOf(tags: readonly { key: string; value: string }[]): Map<string, string> {
  return new Map(tags.map(({ key, value }) => [key, value]));
}
