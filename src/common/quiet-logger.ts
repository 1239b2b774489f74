import { Logger } from 'nestjs-pino';

/** Contexts in which Nest tells of every module and route that it sets up. */
const chatty = new Set([
  'InstanceLoader',
  'RouterExplorer',
  'RoutesResolver',
  'NestFactory',
  'NestApplication',
]);

/** Contexts that report a failed start, which the program itself reports in one line. */
const repeating = new Set(['ExceptionHandler', 'MongooseModule', 'NestApplication']);

/** The application's logger; what Nest adds to the application's own lines is at `debug` only. */
export class QuietLogger extends Logger {
  override log(message: unknown, ...rest: unknown[]): void {
    if (chatty.has(String(rest.at(-1)))) this.debug(message, ...rest);
    else super.log(message, ...rest);
  }

  override error(message: unknown, ...rest: unknown[]): void {
    if (repeating.has(String(rest.at(-1)))) this.debug(message, ...rest);
    else super.error(message, ...rest);
  }
}
