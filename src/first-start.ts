import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type INestApplicationContext, Logger } from '@nestjs/common';
import { projectRoot } from './config/project-root.js';
import { ContractsService } from './detector/contracts.service.js';
import { IngestionService } from './ingestion/ingestion.service.js';
import { UploadsService } from './ingestion/uploads.service.js';
import { LeasesService } from './leases/leases.service.js';
import { ServingService } from './prediction/serving.service.js';
import { BundleImportService } from './registry/bundle-import.service.js';
import { BundleDamagedError, ChampionChangedError, VersionUnknownError } from './registry/registry.errors.js';
import { RegistryService } from './registry/registry.service.js';
import type { RunObserver } from './runs/awaited-runs.service.js';
import { RunsService } from './runs/runs.service.js';

const logger = new Logger('FirstStart');
const actor = 'first start';

/**
 * Makes an empty database useful: gives each detector that ships a baseline its first version, and pushes the data of
 * each that ships some instead, trains its first model and promotes it. What a killed first start left is taken up
 * again, and a baseline that an earlier program brought and this one cannot read gives way to this one's; a database
 * with anyone's own data or versions is left alone.
 */
export async function firstStart(app: INestApplicationContext, observe: RunObserver): Promise<void> {
  await bringUpBaselines(app);
  for (const { detector, model, data } of shippedWith(app)) {
    if (data && !model && (await isUntouched(app, detector, basename(data))))
      await trainFirst(app, detector, data, observe);
  }
}

/** Long enough for the slowest database to take the baselines in; a holder that died is waited for no longer. */
const leaseMs = 30_000;
const askAgainMs = 200;

/**
 * Gives each detector that ships a baseline its first version: a moment's work, for commands as well, whichever process is
 * the first. The others wait for it.
 */
export async function bringUpBaselines(app: INestApplicationContext): Promise<void> {
  const registry = app.get(RegistryService);
  const missing: { readonly detector: string; readonly model: string }[] = [];
  for (const { detector, model } of shippedWith(app)) {
    if (!model) continue;
    const { champion } = await registry.aliases(detector);
    if (champion === null || (await isOldBaseline(registry, detector, champion, model)))
      missing.push({ detector, model });
  }
  if (missing.length === 0) return;
  const leases = app.get(LeasesService);
  let lease = await leases.hold('first start', leaseMs);
  for (; lease === null; lease = await leases.hold('first start', leaseMs)) await sleep(askAgainMs);
  try {
    for (const { detector, model } of missing) await importBaseline(app, detector, model);
  } finally {
    await lease.release();
  }
  await app.get(ServingService).refresh();
}

/** What comes with the program for each detector. */
function shippedWith(
  app: INestApplicationContext,
): { readonly detector: string; readonly model?: string; readonly data?: string }[] {
  const contracts = app.get(ContractsService);
  return contracts.detectors.map((detector) => {
    const { bundled, baseline } = contracts.get(detector).source;
    return { detector, model: shipped(baseline), data: shipped(bundled) };
  });
}

/** A file of this project; undefined where it is not there. */
function shipped(file: string | undefined): string | undefined {
  const path = file && resolve(projectRoot, file);
  return path && existsSync(path) ? path : undefined;
}

async function importBaseline(app: INestApplicationContext, detector: string, file: string): Promise<void> {
  const registry = app.get(RegistryService);
  const { champion, lastVersion } = await registry.aliases(detector);
  if (champion === null) {
    if (lastVersion > 1 || (lastVersion === 1 && !(await isOwn(registry, detector)))) return;
  } else if (!(await isOldBaseline(registry, detector, champion, file))) return;
  const origin = { source: `baseline ${basename(file)}`, version: null, by: actor };
  const { version } = await app.get(BundleImportService).import(detector, await readFile(file), origin);
  try {
    const order = { actor, reason: 'the baseline that comes with the program', expectedChampion: champion };
    await registry.promote(detector, version.version, order);
    logger.log(`the baseline model of ${detector} serves`);
  } catch (error) {
    if (!(error instanceof ChampionChangedError)) throw error;
    logger.log(`another process was faster: ${error.message}`);
  }
}

/** Whether the first version is of an earlier first start, which may have ended before there was more than its number. */
async function isOwn(registry: RegistryService, detector: string): Promise<boolean> {
  try {
    return (await registry.getVersion(detector, 1)).lineage.imported?.by === actor;
  } catch (error) {
    if (error instanceof VersionUnknownError) return true;
    throw error;
  }
}

/** Whether a baseline of an earlier program serves that this one, whose features are others, cannot read any more. */
async function isOldBaseline(
  registry: RegistryService,
  detector: string,
  champion: number,
  file: string,
): Promise<boolean> {
  const version = await registry.getVersion(detector, champion);
  if (version.lineage.imported?.by !== actor) return false;
  // The one that ships need not be loaded to know.
  if (
    version.sha256 ===
    createHash('sha256')
      .update(await readFile(file))
      .digest('hex')
  )
    return false;
  try {
    await registry.loadBundle(version);
    return false;
  } catch (error) {
    if (!(error instanceof BundleDamagedError)) throw error;
    return true;
  }
}

async function trainFirst(
  app: INestApplicationContext,
  detector: string,
  data: string,
  observe: RunObserver,
): Promise<void> {
  logger.log(
    `the database has no model of ${detector} yet: pushing ${basename(data)} and training the first one`,
  );
  const start = performance.now();
  const batch = await app.get(UploadsService).pushFile(detector, data, {});
  logger.log(`push: ${batch.stored} records stored, ${batch.known} known, ${batch.rejected} rejected`);
  const run = await app.get(RunsService).train(detector, { actor, unlessUnchanged: true }, observe);
  await app.get(ServingService).refresh();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  if (run.status === 'succeeded') logger.log(`first start of ${detector} took ${seconds} s`);
  else if (run.status === 'skipped') logger.log(`another process was faster: ${run.reason}`);
  else logger.error(`the first training of ${detector} ${run.status}: ${run.failure?.message ?? ''}`);
}

/** No model version, and no data but what an earlier first start pushed. */
async function isUntouched(
  app: INestApplicationContext,
  detector: string,
  bundledName: string,
): Promise<boolean> {
  const { lastVersion } = await app.get(RegistryService).aliases(detector);
  if (lastVersion > 0) return false;
  const batches = await app.get(IngestionService).listBatches(detector, { page: 1, pageSize: 200 });
  return batches.items.every(({ source }) => source.name === bundledName);
}
