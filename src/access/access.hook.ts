import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Environment } from '../config/environment.js';
import type { AccessRule } from './access.decorators.js';
import { DetectorOutOfScopeError, KeyMissingError } from './access.errors.js';
import { anonymous, type Caller, inScope, rememberCaller, requireRole } from './caller.js';
import type { KeysService } from './keys.service.js';

/**
 * Checks key, role and detector as soon as a request's headers are there: no byte of a stranger's body is read. The
 * detector that a body names is the guard's to check.
 */
export function checkAccessFirst(
  fastify: FastifyInstance,
  keys: Pick<KeysService, 'authenticate'>,
  { auth }: Pick<Environment, 'auth'>,
): void {
  fastify.addHook('onRequest', async (request, reply) => {
    const rule = request.routeOptions.config.access;
    if (rule === undefined || rule === 'public') return;
    // What a key may see is for no cache between here and its owner.
    void reply.header('cache-control', 'no-store');
    const caller = auth ? await keys.authenticate(keyOf(request)) : anonymous;
    rememberCaller(request, caller);
    requireRole(caller, rule.role);
    if (caller.detectors) requireDetectors(caller, rule, request);
  });
}

/** @throws KeyMissingError */
function keyOf({ headers }: FastifyRequest): string {
  const given = headers['x-api-key'] ?? /^Bearer {1,9}(\S{1,200})$/i.exec(headers.authorization ?? '')?.[1];
  if (typeof given !== 'string' || given === '') throw new KeyMissingError();
  return given;
}

/** @throws DetectorOutOfScopeError */
function requireDetectors(
  caller: Caller,
  { detectors }: AccessRule,
  { params, query }: FastifyRequest,
): void {
  if (detectors === 'all') throw new DetectorOutOfScopeError(null);
  const fixed = typeof detectors === 'string' ? [] : detectors;
  for (const detector of [...fixed, ...named(params), ...named(query)]) {
    if (!inScope(caller, detector)) throw new DetectorOutOfScopeError(detector);
  }
}

function named(part: unknown): string[] {
  return [(part as { detector?: unknown } | null)?.detector]
    .flat()
    .filter((name) => typeof name === 'string');
}
