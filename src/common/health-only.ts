import { NotFoundException } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { answerFrameworkError } from './problem.filter.js';

/** Leaves a process that only works with its health routes: everything else is another process's to answer. */
export function serveHealthOnly(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (/^\/health\//.test(request.url)) return done();
    const detail = 'This process works on training runs (ROLE=worker) and answers under /health only.';
    answerFrameworkError(new NotFoundException(detail), request, reply);
  });
}
