import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PinoLogger } from 'nestjs-pino';

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
        logger[level](fields, `${request.method} ${request.url}: ${statusCode}`);
      }
      done();
    })
    .addHook('onRequestAbort', (request, done) => {
      logger.debug(fieldsOf(request), `${request.method} ${request.url}: the client went away`);
      done();
    });
}

function levelOf({ statusCode }: FastifyReply): 'error' | 'info' | 'debug' {
  if (statusCode >= 500) return 'error';
  return statusCode >= 400 ? 'info' : 'debug';
}

function fieldsOf({ id: requestId, method, url }: FastifyRequest): object {
  return { requestId, method, url };
}
