import { Injectable } from '@nestjs/common';
import { type Alias, type Deployment } from '../registry/deployment.schema.js';
import type { ModelVersion } from '../registry/model-version.schema.js';
import { RegistryService } from '../registry/registry.service.js';
import { HappeningsRepository } from './happenings.repository.js';
import type { MlflowRun, MlflowVersion } from './mlflow/answers.js';
import { tags } from './mlflow/entities.js';
import { bundleFile, ModelFiles, modelFolder } from './model-files.service.js';
import { trackedName } from './run-figures.js';
import { RunMirror } from './run-mirror.service.js';
import { Tracker } from './tracker.service.js';

/** A version here by what made it: the same wherever it is told from, unlike its number. */
const versionTag = 'netwarden.made_by';

/**
 * Makes a registered version of each version that an alias was moved to, and moves the alias there. It is moved to
 * where it stands now: told late, twice or out of order, the tracker ends where the registry is.
 */
@Injectable()
export class VersionMirror {
  constructor(
    private readonly tracker: Tracker,
    private readonly registry: RegistryService,
    private readonly runs: RunMirror,
    private readonly files: ModelFiles,
    private readonly happenings: HappeningsRepository,
  ) {}

  /** @returns the page that shows it; null where there is nothing to show. @throws MlflowError */
  async deliver({ detector, alias, to }: Deployment): Promise<string | null> {
    const { registry } = await this.tracker.capabilities();
    const current = (await this.registry.aliases(detector))[alias];
    const url =
      to === null ? null : await this.register(await this.registry.getVersion(detector, to), registry);
    if (registry) await this.point(detector, alias, current);
    else if (current !== null) await this.tagRun(await this.registry.getVersion(detector, current), alias);
    return url;
  }

  private async register(version: ModelVersion, registry: boolean): Promise<string> {
    const run = await this.runOf(version);
    if (!registry) return this.runs.pageOf(run);
    const { name, version: number } = await this.ensure(version, run);
    return `${this.tracker.client.base}/#/models/${encodeURIComponent(name)}/versions/${number}`;
  }

  /** The registered version: found by its tag, else made. Of a pruned one only what is there. */
  private async ensure(version: ModelVersion, run: MlflowRun): Promise<MlflowVersion> {
    const { registry } = this.tracker.client;
    const name = trackedName(version.detector);
    await registry.ensureModel(name, `Versions of the detector ${version.detector}, mirrored by Netwarden.`);
    const found = await registry.findByTag(name, versionTag, version.lineage.run);
    if (found) return found;
    if (!version.pruned && (await this.tracker.capabilities()).artifacts) await this.files.put(run, version);
    return registry.createVersion({
      name,
      source: `${run.info.artifact_uri}/${modelFolder}`,
      run_id: run.info.run_id,
      description: version.description?.text ?? `${version.candidate} of ${version.createdAt.toISOString()}`,
      tags: tags({
        [versionTag]: version.lineage.run,
        'netwarden.detector': version.detector,
        'netwarden.version': version.version,
        'netwarden.bundle': bundleFile(version),
        'netwarden.bundle_sha256': version.sha256,
        'netwarden.data_fingerprint': version.lineage.fingerprint,
        'netwarden.code_version': version.lineage.codeVersion,
      }),
    });
  }

  private async point(detector: string, alias: Alias, current: number | null): Promise<void> {
    const { registry } = this.tracker.client;
    const name = trackedName(detector);
    if (current === null) {
      await this.tracker.optional('aliases', () => registry.deleteAlias(name, alias));
      return;
    }
    const row = await this.registry.getVersion(detector, current);
    const { version } = await this.ensure(row, await this.runOf(row));
    const moved = await this.tracker.optional('aliases', () => registry.setAlias(name, alias, version));
    if (!moved) await registry.setVersionTag(name, version, `alias.${alias}`, new Date().toISOString());
  }

  private async tagRun(version: ModelVersion, alias: Alias): Promise<void> {
    const run = await this.runOf(version);
    const noted = tags({ [`netwarden.alias.${alias}`]: new Date().toISOString() });
    await this.tracker.client.runs.log(run.info.run_id, { tags: noted });
  }

  /** The run that made it; a version that came from elsewhere has one that holds its model. */
  private async runOf({ detector, version, lineage, createdAt }: ModelVersion): Promise<MlflowRun> {
    // An alias may be moved before the run that made the version has ended, or has been told.
    const training = await this.happenings.run(lineage.run);
    const started = training?.startedAt ?? createdAt;
    const run = await this.runs.ensure(detector, lineage.run, `${detector} version ${version}`, started);
    if (lineage.imported) await this.tracker.client.runs.end(run.info.run_id, 'FINISHED', createdAt);
    return run;
  }
}
