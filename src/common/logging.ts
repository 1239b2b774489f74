import { type Params, PinoLogger } from 'nestjs-pino';
import type { DestinationStream, LevelWithSilent } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { QuietLogger } from './quiet-logger.js';
import { keepSecret, redactSecrets } from './redact.js';

export interface LoggingOptions {
  readonly level: LevelWithSilent;
  /** Commands keep standard output for their results, so their log goes to standard error. */
  readonly to: 'stdout' | 'stderr';
  /** Of the settings: they stand in no line of the log and in no answer. */
  readonly secrets: readonly string[];
}

/** The application's logger, usable before the application is there, and what its modules are set up with. */
export interface Logging {
  readonly logger: QuietLogger;
  readonly pino: PinoLogger;
  readonly params: Params;
}

/** JSON lines in a pipe, readable lines on a terminal; credentials are taken out of both. */
export function createLogging({ level, to, secrets }: LoggingOptions): Logging {
  keepSecret(...secrets);
  const params: Params = {
    pinoHttp: [{ level }, destination(to)],
    // Requests are logged by hooks of Fastify, at a fraction of what a middleware costs: see request-log.ts.
    forRoutes: [],
  };
  const pino = new PinoLogger(params);
  return { logger: new QuietLogger(pino, params), pino, params };
}

function destination(to: LoggingOptions['to']): DestinationStream {
  const stream = process[to];
  const format = stream.isTTY
    ? prettyFactory({
        colorize: true,
        translateTime: 'SYS:HH:MM:ss',
        ignore: 'pid,hostname,context,requestId,method,url,statusCode,responseTime',
      })
    : (line: string): string => line;
  return { write: (line) => void stream.write(redactSecrets(format(line))) };
}
