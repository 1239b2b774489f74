import { type INestApplicationContext, Logger } from '@nestjs/common';
import { ensureAdminKey } from './access/admin-key.js';
import { KeysService } from './access/keys.service.js';
import { createHttpApp } from './app.setup.js';
import { createLogging } from './common/logging.js';
import { stageReporter } from './cli/stage-reporter.js';
import { type Environment, loadEnvironment, secretSettings } from './config/environment.js';
import { firstStart } from './first-start.js';
import { PromotionWatch } from './monitoring/watch/promotion-watch.service.js';
import { RetentionSchedule } from './retention/retention-schedule.service.js';
import { Scheduler } from './scheduling/scheduler.service.js';
import { OutboxWorker } from './tracking/outbox-worker.service.js';
import { BundleSweeper } from './runs/bundle-sweeper.service.js';
import { RunWorker } from './runs/run-worker.service.js';

/** An upload or a slow reader may go on for this long after the signal to stop. */
const patienceMs = 10_000;

/** Boots the HTTP application and keeps it running until a signal ends it. */
export async function serve(): Promise<void> {
  const environment = loadEnvironment();
  const app = await createHttpApp(
    environment,
    createLogging({
      level: environment.logLevel ?? 'info',
      to: 'stdout',
      secrets: secretSettings(environment),
    }),
  );
  const stopping = onFirstSignal(() => {
    setTimeout(() => app.getHttpServer().closeAllConnections(), patienceMs).unref();
  });
  await app.init();
  const logger = new Logger('Server');
  try {
    await tellAdminKey(app, environment, logger);
    app.get(PromotionWatch).begin();
    app.get(OutboxWorker).begin();
    if (environment.role !== 'api') beginWork(app);
    if (environment.bootstrap && environment.role !== 'api') {
      await firstStart(
        app,
        stageReporter((line) => logger.log(line), process.stdout),
      );
    }
    await app.listen(environment.port, environment.host);
  } catch (error) {
    await app.close();
    // What a signal cut off in the first start is taken up again by the next one.
    if (stopping()) return;
    throw error;
  }
  const url = await addressOf(app, environment);
  const serves = environment.role === 'worker' ? `works on training runs` : `${url}/docs (API)`;
  logger.log(`ready: ${serves}, ${url}/health/ready (state)`);
}

/** From now on this process takes training runs that wait, whoever asked for them. */
function beginWork(app: INestApplicationContext): void {
  app.get(RunWorker).begin();
  app.get(BundleSweeper).begin();
  app.get(Scheduler).begin();
  app.get(RetentionSchedule).begin();
}

/** The embedded database is of use at once; keys for a database of one's own are made on purpose. */
async function tellAdminKey(
  app: INestApplicationContext,
  { auth, mongodbUri, dataDir }: Environment,
  logger: Logger,
): Promise<void> {
  if (!auth) return logger.warn('AUTH=off: whoever reaches this port is an admin');
  if (mongodbUri !== undefined) return;
  const file = await ensureAdminKey(app.get(KeysService), dataDir);
  if (file !== null) logger.log(`the admin API key is in ${file}`);
}

/** Calls `stop` when a signal asks the process to end; the returned function tells whether one did. */
function onFirstSignal(stop: () => void): () => boolean {
  let came = false;
  const note = (): void => {
    if (!came) stop();
    came = true;
  };
  process.once('SIGINT', note).once('SIGTERM', note);
  return () => came;
}

async function addressOf(app: { getUrl(): Promise<string> }, { host }: Environment): Promise<string> {
  const url = new URL(await app.getUrl());
  if (host === '0.0.0.0' || host === '::') url.hostname = '127.0.0.1';
  return url.origin;
}
