import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { RoleTooLowError } from './access.errors.js';
import { covers, type Role } from './roles.js';

/** Who sent a request. */
export interface Caller {
  /** The name in ledger, runs and audit: `key <name>`. */
  readonly actor: string;
  /** The id of the key; null without one. */
  readonly key: string | null;
  readonly role: Role;
  /** Detectors that it may use; null for all. */
  readonly detectors: readonly string[] | null;
}

/** What `AUTH=off` takes everybody for. */
export const anonymous: Caller = { actor: 'anonymous', key: null, role: 'admin', detectors: null };

const callers = new WeakMap<FastifyRequest, Caller>();

/** Keeps who sent a request, once the guard knows. */
export function rememberCaller(request: FastifyRequest, caller: Caller): void {
  callers.set(request, caller);
}

/** Null for who was not asked for a key, or had no valid one. */
export function callerOf(request: FastifyRequest): Caller | null {
  return callers.get(request) ?? null;
}

/** A route's parameter: who sent the request. */
export const From = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const caller = callerOf(context.switchToHttp().getRequest<FastifyRequest>());
  if (!caller) throw new Error('a route that is public has no caller');
  return caller;
});

export function inScope({ detectors }: Pick<Caller, 'detectors'>, detector: string): boolean {
  return detectors === null || detectors.includes(detector);
}

/**
 * For routes that find their detector only by looking something up by its id. What is of a detector that the key is not
 * for is not there: a refusal of its own would tell that the id exists, and whose it is.
 * @param unknown the error of an id that does not exist
 */
export function requireScope<T extends { readonly detector: string }>(
  caller: Caller,
  found: T,
  unknown: () => Error,
): T {
  if (!inScope(caller, found.detector)) throw unknown();
  return found;
}

/** For what takes a higher role than its route does. @throws RoleTooLowError */
export function requireRole({ role }: Caller, needed: Role, what = 'This route'): void {
  if (!covers(role, needed)) throw new RoleTooLowError(what, needed, role);
}
