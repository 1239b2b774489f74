import { MethodNotAllowedException } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

interface Path {
  readonly segments: readonly string[];
  readonly parameters: number;
  readonly methods: Set<string>;
}

/** Methods of routes that are asked for so often that only what no route takes is looked at. */
const frequent = new Set(['GET', 'HEAD', 'POST']);

/**
 * Answers a path that is there for other methods with 405 and these, as RFC 9110 (15.5.6) asks for, where Fastify
 * answers 404, or takes the path's last segment for the parameter of another one.
 */
export function refuseOtherMethods(fastify: FastifyInstance): void {
  const paths = new Map<string, Path>();
  fastify
    .addHook('onRoute', ({ url, method }) => {
      const segments = url.split('/');
      const parameters = segments.filter((name) => name.startsWith(':')).length;
      const path = paths.get(url) ?? { segments, parameters, methods: new Set() };
      for (const name of [method].flat()) path.methods.add(name);
      if (!url.includes('*')) paths.set(url, path);
    })
    .addHook('onRequest', (request, reply, done) => {
      if (!request.is404 && frequent.has(request.method)) return done();
      const segments = request.url.split('?', 1)[0].split('/', 20);
      const [path] = [...paths.values()]
        .filter((known) => matches(known.segments, segments))
        .sort((one, other) => one.parameters - other.parameters);
      if (path === undefined || path.methods.has(request.method)) return done();
      const allowed = [...path.methods].join(', ');
      void reply.header('allow', allowed);
      done(new MethodNotAllowedException(`This path knows ${allowed} only.`));
    });
}

function matches(known: readonly string[], path: readonly string[]): boolean {
  return (
    known.length === path.length &&
    known.every((name, i) => (name.startsWith(':') ? path[i] : path[i] === name))
  );
}
