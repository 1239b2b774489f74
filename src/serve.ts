import { isIP } from 'node:net';
import { Logger } from '@nestjs/common';
import { createHttpApp } from './app.setup.js';
import { createLogging } from './common/logging.js';
import { stageReporter } from './cli/stage-reporter.js';
import { type Environment, loadEnvironment } from './config/environment.js';
import { firstStart } from './first-start.js';

/** An upload or a slow reader may go on for this long after the signal to stop. */
const patienceMs = 10_000;

/** Boots the HTTP application and keeps it running until a signal ends it. */
export async function serve(): Promise<void> {
  const environment = loadEnvironment();
  const app = await createHttpApp(
    environment,
    createLogging({ level: environment.logLevel ?? 'info', to: 'stdout' }),
  );
  const stopping = onFirstSignal(() => {
    setTimeout(() => app.getHttpServer().closeAllConnections(), patienceMs).unref();
  });
  await app.init();
  const logger = new Logger('Server');
  try {
    if (environment.bootstrap) {
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
  if (!isLoopback(environment.host)) {
    logger.warn(
      `listening on ${environment.host} without access control: put a proxy that checks callers before it`,
    );
  }
  const url = await addressOf(app, environment);
  logger.log(`ready: ${url}/docs (API), ${url}/health/ready (state)`);
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

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
