import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { type INestApplicationContext, Logger } from '@nestjs/common';
import { projectRoot } from './config/project-root.js';
import { ContractsService } from './detector/contracts.service.js';
import { IngestionService } from './ingestion/ingestion.service.js';
import { UploadsService } from './ingestion/uploads.service.js';
import { ChampionsService } from './prediction/champions.service.js';
import { RegistryService } from './registry/registry.service.js';
import type { RunObserver } from './training/run-attendant.service.js';
import { TrainingService } from './training/training.service.js';

/**
 * Makes an empty database useful: pushes the bundled data of each detector that ships some, trains its first
 * model and promotes it. What a killed first start left is taken up again; a database with anyone's own data
 * is left alone.
 */
export async function firstStart(app: INestApplicationContext, observe: RunObserver): Promise<void> {
  const logger = new Logger('FirstStart');
  const contracts = app.get(ContractsService);
  for (const detector of contracts.detectors) {
    const { bundled } = contracts.get(detector).source;
    const file = bundled && resolve(projectRoot, bundled);
    if (!file || !existsSync(file) || !(await isUntouched(app, detector, basename(file)))) continue;

    logger.log(`the database has no model of ${detector} yet: pushing ${bundled} and training the first one`);
    const start = performance.now();
    const batch = await app.get(UploadsService).pushFile(detector, file, {});
    logger.log(`push: ${batch.stored} records stored, ${batch.known} known, ${batch.rejected} rejected`);
    const run = await app
      .get(TrainingService)
      .train(detector, { actor: 'first start', unlessUnchanged: true }, observe);
    await app.get(ChampionsService).refresh();
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    if (run.status === 'succeeded') logger.log(`first start of ${detector} took ${seconds} s`);
    else if (run.status === 'skipped') logger.log(`another process was faster: ${run.reason}`);
    else logger.error(`the first training of ${detector} ${run.status}: ${run.failure?.message ?? ''}`);
  }
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
