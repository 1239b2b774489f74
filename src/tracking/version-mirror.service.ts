import { Injectable } from '@nestjs/common';
import type { Deployment } from '../registry/deployment.schema.js';
import type { ModelVersion } from '../registry/model-version.schema.js';
import { RegistryService } from '../registry/registry.service.js';
import { AliasMirror, type AliasHolder } from './alias-mirror.service.js';
import type { MlflowRun, MlflowVersion } from './mlflow/answers.js';
import { tags } from './mlflow/entities.js';
import { isMlflowError } from './mlflow/mlflow.errors.js';
import { modelFolder } from './model-files.service.js';
import { trackedName } from './run-figures.js';
import { RunMirror } from './run-mirror.service.js';
import { Tracker } from './tracker.service.js';
import { versionLabels } from './version-labels.js';

/** A version here by what made it: the same from whichever installation it is delivered, unlike its number. */
const versionTag = 'netwarden.made_by';

/**
 * Makes a registered version of each version that an alias was moved to, and moves the alias there. It is moved to
 * where it stands now: delivered late, twice or out of order, the tracker ends where the registry is.
 */
@Injectable()
export class VersionMirror {
  constructor(
    private readonly tracker: Tracker,
    private readonly registry: RegistryService,
    private readonly runs: RunMirror,
    private readonly aliases: AliasMirror,
  ) {}

  /** @returns the page that shows it; null where there is nothing to show. @throws MlflowError */
  async deliver({ detector, alias, to }: Deployment): Promise<string | null> {
    const current = (await this.registry.aliases(detector))[alias];
    const moved = to === null ? null : await this.ensure(detector, to);
    const holder = current === to ? moved : current === null ? null : await this.ensure(detector, current);
    await this.aliases.point(detector, alias, holder);
    return moved && this.pageOf(moved);
  }

  /** The registered version, found by its tag or made; where there is no registry its run says what it is. */
  private async ensure(detector: string, number: number): Promise<AliasHolder> {
    const version = await this.registry.getVersion(detector, number);
    const run = await this.runs.ofVersion(version);
    const { registry } = await this.tracker.capabilities();
    const registered = registry ? await this.registered(version, run) : null;
    if (!registered) await this.describe(run, version);
    return { run, version: registered };
  }

  private async registered(version: ModelVersion, run: MlflowRun): Promise<MlflowVersion | null> {
    const { registry } = this.tracker.client;
    const name = trackedName(version.detector);
    await registry.ensureModel(name, `Versions of the detector ${version.detector}, mirrored by Netwarden.`);
    const found = await registry.findByTag(name, versionTag, version.lineage.run);
    return found ?? this.register(name, version, run);
  }

  /** From the first source that the server accepts; null where it accepts none. */
  private async register(name: string, version: ModelVersion, run: MlflowRun): Promise<MlflowVersion | null> {
    const { run_id, artifact_uri } = run.info;
    const model_id = await this.runs.putModel(run, version);
    const sources = [
      ...(model_id === null ? [] : [{ source: `models:/${model_id}`, model_id }]),
      { source: `${artifact_uri}/${modelFolder}` },
      { source: `runs:/${run_id}/${modelFolder}` },
    ];
    const described = {
      name,
      run_id,
      description: version.description?.text ?? summaryOf(version),
      tags: tags({
        ...versionLabels(version),
        [versionTag]: version.lineage.run,
        'netwarden.model_id': model_id,
      }),
    };
    for (const source of sources) {
      try {
        return await this.tracker.client.registry.createVersion({ ...described, ...source });
      } catch (error) {
        if (!(isMlflowError(error, 'refused') && error.code === 'INVALID_PARAMETER_VALUE')) throw error;
      }
    }
    this.tracker.warnOnce(
      'sources',
      'registers no version of where it keeps artifacts: it becomes tags of its run',
    );
    return null;
  }

  private async describe(run: MlflowRun, version: ModelVersion): Promise<void> {
    await this.runs.putModel(run, version);
    const labels = { ...versionLabels(version), 'netwarden.registered_name': trackedName(version.detector) };
    await this.tracker.client.runs.log(run.info.run_id, { tags: tags(labels) });
  }

  private pageOf({ run, version }: AliasHolder): Promise<string> {
    if (!version) return this.runs.pageOf(run);
    return this.tracker.pageOf(`models/${encodeURIComponent(version.name)}/versions/${version.version}`);
  }
}

/** Lists show the beginning of it. */
function summaryOf({ candidate, metrics: { rocAuc, rows }, createdAt }: ModelVersion): string {
  const figure = rocAuc === null ? '' : `, ROC AUC ${rocAuc.toFixed(4)} on ${rows} rows`;
  return `${candidate}${figure}, of ${createdAt.toISOString()}`;
}
