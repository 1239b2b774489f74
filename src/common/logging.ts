import { RequestMethod } from '@nestjs/common';
import { type Params, PinoLogger } from 'nestjs-pino';
import type { DestinationStream, LevelWithSilent } from 'pino';
import type { Options } from 'pino-http';
import { prettyFactory } from 'pino-pretty';
import { QuietLogger } from './quiet-logger.js';
import { redactSecrets } from './redact.js';

export interface LoggingOptions {
  readonly level: LevelWithSilent;
  /** Commands keep standard output for their results, so their log goes to standard error. */
  readonly to: 'stdout' | 'stderr';
}

/** The application's logger, usable before the application is there, and what its HTTP part is set up with. */
export interface Logging {
  readonly logger: QuietLogger;
  readonly params: Params;
}

/** JSON lines in a pipe, readable lines on a terminal; credentials are taken out of both. */
export function createLogging(options: LoggingOptions): Logging {
  const params: Params = {
    pinoHttp: [httpOptions(options), destination(options.to)],
    // Fastify's routes are not all matched by the default of nestjs-pino.
    forRoutes: [{ path: '{*path}', method: RequestMethod.ALL }],
  };
  return { logger: new QuietLogger(new PinoLogger(params), params), params };
}

function httpOptions({ level }: LoggingOptions): Options {
  return {
    level,
    redact: ['req.headers.authorization', 'req.headers.cookie', 'req.headers["x-api-key"]'],
    quietReqLogger: true,
    customAttributeKeys: { reqId: 'requestId' },
    customLogLevel: (_request, response, error) => {
      if (error || response.statusCode >= 500) return 'error';
      return response.statusCode >= 400 ? 'info' : 'debug';
    },
    serializers: { req: ({ method, url }: { method: string; url: string }) => ({ method, url }) },
  };
}

function destination(to: LoggingOptions['to']): DestinationStream {
  const stream = process[to];
  const format = stream.isTTY
    ? prettyFactory({
        colorize: true,
        translateTime: 'SYS:HH:MM:ss',
        ignore: 'pid,hostname,context,req,res,responseTime,requestId',
      })
    : (line: string): string => line;
  return { write: (line) => void stream.write(redactSecrets(format(line))) };
}
