import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { Environment } from '../config/environment.js';
import { type AccessRule, accessRule } from './access.decorators.js';
import { DetectorOutOfScopeError, KeyMissingError } from './access.errors.js';
import { anonymous, type Caller, inScope, rememberCaller, requireRole } from './caller.js';
import { KeysService } from './keys.service.js';

/** Lets a request through to its route, or says why not. A route without a rule lets nobody through. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly keys: KeysService,
    private readonly environment: Environment,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rule = this.reflector.getAllAndOverride<AccessRule | 'public' | undefined>(accessRule, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (rule === undefined) throw new Error(`the route ${context.getHandler().name} has no access rule`);
    if (rule === 'public') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const caller = await this.identify(request);
    rememberCaller(request, caller);
    requireRole(caller, rule.role);
    if (rule.allDetectors && caller.detectors) throw new DetectorOutOfScopeError(null);
    const outside = namedDetectors(request).find((detector) => !inScope(caller, detector));
    if (outside !== undefined) throw new DetectorOutOfScopeError(outside);
    return true;
  }

  private async identify({ headers }: FastifyRequest): Promise<Caller> {
    if (!this.environment.auth) return anonymous;
    const given = headers['x-api-key'] ?? /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
    if (typeof given !== 'string' || given === '') throw new KeyMissingError();
    return this.keys.authenticate(given);
  }
}

/** Detectors in path, query and JSON body. */
function namedDetectors({ params, query, body }: FastifyRequest): string[] {
  return [params, query, body]
    .flatMap((part) => (part as { detector?: unknown } | null | undefined)?.detector)
    .filter((detector) => typeof detector === 'string');
}
