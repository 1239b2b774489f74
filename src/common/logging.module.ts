import { type DynamicModule, Global, Module } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
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

@Global()
@Module({})
export class LoggingModule {
  /** JSON lines in a pipe, readable lines on a terminal; credentials are taken out of both. */
  static forRoot(options: LoggingOptions): DynamicModule {
    const pino = LoggerModule.forRoot({ pinoHttp: [httpOptions(options), destination(options.to)] });
    return { module: LoggingModule, imports: [pino], providers: [QuietLogger], exports: [QuietLogger] };
  }
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
