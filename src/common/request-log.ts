import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PinoLogger } from 'nestjs-pino';
import { excerpt } from './excerpt.js';

/** Characters of an address in a log line. */
const longestUrl = 500;

/** A line behind each answer, and the request's id in each line that is written on the way to it. */
export function logRequests(fastify: FastifyInstance, logger: PinoLogger): void {
  fastify
    // Not earlier: what runs around a request is lost while its body is read.
    .addHook('preHandler', ({ id }, _reply, done) =>
      logger.runInContext(done, { bindings: { requestId: id } }),
    )
    .addHook('onResponse', (request, reply, done) => {
      const { statusCode } = reply;
      const level = levelOf(reply);
      if (logger.logger.isLevelEnabled(level)) {
        const fields = { ...fieldsOf(request), statusCode, responseTime: Math.round(reply.elapsedTime) };
        logger[level](fields, `${request.method} ${shortUrl(request)}: ${statusCode}`);
      }
      done();
    })
    .addHook('onRequestAbort', (request, done) => {
      logger.debug(fieldsOf(request), `${request.method} ${shortUrl(request)}: the client went away`);
      done();
    });
}

function levelOf({ statusCode }: FastifyReply): 'error' | 'info' | 'debug' {
  if (statusCode >= 500) return 'error';
  return statusCode >= 400 ? 'info' : 'debug';
}

function fieldsOf(request: FastifyRequest): object {
  return { requestId: request.id, method: request.method, url: shortUrl(request) };
}

function shortUrl({ url }: FastifyRequest): string {
  return excerpt(url, longestUrl);
}
