import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DetectorOutOfScopeError } from './access.errors.js';
import { callerOf, inScope } from './caller.js';

/**
 * Lets through to its route whom the access hook has let in, unless the body names a detector that the key is not
 * for. A route without a rule lets nobody through.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const rule = request.routeOptions.config.access;
    if (rule === undefined) throw new Error(`the route ${context.getHandler().name} has no access rule`);
    if (rule === 'public') return true;
    const caller = callerOf(request);
    if (caller === null) throw new Error(`the access hook has not seen ${context.getHandler().name}`);
    if (rule.detectors !== 'body' || caller.detectors === null) return true;
    const { detector } = (request.body ?? {}) as { detector?: unknown };
    // A body that names none concerns all, or is refused for it by its own rules.
    if (typeof detector !== 'string') throw new DetectorOutOfScopeError(null);
    if (!inScope(caller, detector)) throw new DetectorOutOfScopeError(detector);
    return true;
  }
}
