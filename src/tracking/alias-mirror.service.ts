import { Injectable } from '@nestjs/common';
import type { Alias } from '../registry/deployment.schema.js';
import type { MlflowRun, MlflowVersion } from './mlflow/answers.js';
import { tags } from './mlflow/entities.js';
import { trackedName } from './run-figures.js';
import { Tracker } from './tracker.service.js';

/** What an alias names: a registered version, or its run where the server has no such version. */
export interface AliasHolder {
  readonly run: MlflowRun;
  readonly version: MlflowVersion | null;
}

/** Tag that stands for an alias where the server knows versions but no aliases. */
export function aliasVersionTag(alias: string): string {
  return `alias.${alias}`;
}

/** Tag of a run that stands for an alias where the server has no such version. */
export function aliasRunTag(alias: string): string {
  return `netwarden.alias.${alias}`;
}

/**
 * Moves aliases: the server's own, else a tag of the version that stands for it, else a tag of the run. A tag is taken
 * from whoever had it; also after an upgrade, when the server's own alias takes its place.
 */
@Injectable()
export class AliasMirror {
  constructor(private readonly tracker: Tracker) {}

  /** @param holder null where the alias names nothing any more @throws MlflowError */
  async point(detector: string, alias: Alias, holder: AliasHolder | null): Promise<void> {
    const { registry } = await this.tracker.capabilities();
    const version = holder?.version ?? null;
    if (registry) {
      const set = await this.setAlias(trackedName(detector), alias, version);
      await this.tagVersions(trackedName(detector), alias, set ? null : version);
    }
    await this.tagRuns(detector, alias, version === null ? (holder?.run ?? null) : null);
  }

  /** @returns whether the server knows aliases */
  private setAlias(name: string, alias: Alias, version: MlflowVersion | null): Promise<boolean> {
    const { registry } = this.tracker.client;
    return this.tracker.optional('aliases', () =>
      version === null ? registry.deleteAlias(name, alias) : registry.setAlias(name, alias, version.version),
    );
  }

  private async tagVersions(name: string, alias: Alias, holder: MlflowVersion | null): Promise<void> {
    const { registry } = this.tracker.client;
    const key = aliasVersionTag(alias);
    if (holder) await registry.setVersionTag(name, holder.version, key, 'true');
    for (const { version } of await registry.tagged(name, key, 'true')) {
      if (version !== holder?.version) await registry.deleteVersionTag(name, version, key);
    }
  }

  private async tagRuns(detector: string, alias: Alias, holder: MlflowRun | null): Promise<void> {
    const { runs } = this.tracker.client;
    const key = aliasRunTag(alias);
    if (holder) await runs.log(holder.info.run_id, { tags: tags({ [key]: 'true' }) });
    const experiment = holder?.info.experiment_id ?? (await runs.experiment(trackedName(detector)));
    for (const { info } of await runs.tagged(experiment, key, 'true')) {
      if (info.run_id !== holder?.info.run_id) await runs.deleteTag(info.run_id, key);
    }
  }
}
