import { isIP } from 'node:net';
import { Logger } from '@nestjs/common';
import { createHttpApp } from './app.setup.js';
import { createLogging } from './common/logging.js';
import { stageReporter } from './cli/stage-reporter.js';
import { type Environment, loadEnvironment } from './config/environment.js';
import { firstStart } from './first-start.js';

/** Boots the HTTP application and keeps it running until a signal ends it. */
export async function serve(): Promise<void> {
  const environment = loadEnvironment();
  const app = await createHttpApp(
    environment,
    createLogging({ level: environment.logLevel ?? 'info', to: 'stdout' }),
  );
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

async function addressOf(app: { getUrl(): Promise<string> }, { host }: Environment): Promise<string> {
  const url = new URL(await app.getUrl());
  if (host === '0.0.0.0' || host === '::') url.hostname = '127.0.0.1';
  return url.origin;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
