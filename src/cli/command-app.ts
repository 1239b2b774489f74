import { type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module.js';
import { createLogging } from '../common/logging.js';
import { exitWith } from '../common/terminal/exit.js';
import { Environment, loadEnvironment, secretSettings } from '../config/environment.js';
import { bringUpBaselines } from '../first-start.js';

/** What a command is given: the application's parts by their tokens. */
export type CommandApp = INestApplicationContext;

export interface CommandOptions {
  /** Whether the command itself hears of signals, and ends when they say so: nothing is closed under its feet. */
  readonly ownSignals?: boolean;
}

/**
 * Boots the application without HTTP, runs one command in it and closes it again. What the command throws
 * ends the process with its text and exit code; a code that it returns is the process's.
 */
export async function runCommand(
  work: (app: CommandApp) => Promise<number | void>,
  options: CommandOptions = {},
): Promise<void> {
  try {
    process.exitCode = await withApp(work, options);
  } catch (error) {
    exitWith(error);
  }
}

/** The same for a command that scores: where no server has been started yet, the baselines that come with the program do. */
export function runScoringCommand(
  work: (app: CommandApp) => Promise<number | void>,
  options: CommandOptions = {},
): Promise<void> {
  return runCommand(async (app) => {
    if (app.get(Environment).bootstrap) await bringUpBaselines(app);
    return work(app);
  }, options);
}

async function withApp(
  work: (app: CommandApp) => Promise<number | void>,
  { ownSignals = false }: CommandOptions,
): Promise<number> {
  const environment = loadEnvironment();
  const { logger, params } = createLogging({
    level: environment.logLevel ?? 'warn',
    to: 'stderr',
    secrets: secretSettings(environment),
  });
  const app = await NestFactory.createApplicationContext(AppModule.forRoot(environment, params), {
    logger,
    abortOnError: false,
  });
  if (!ownSignals) app.enableShutdownHooks();
  try {
    return (await work(app)) ?? 0;
  } finally {
    await app.close();
  }
}
