import { applyDecorators } from '@nestjs/common';
import { ApiBearerAuth, ApiExtension, ApiSecurity } from '@nestjs/swagger';
import { ApiProblems } from '../common/api-errors.js';
import { RouteSettings } from '../common/route-settings.js';
import type { Role } from './roles.js';

/**
 * Which detectors a route touches, so that a key for some of them is kept to these:
 * `all` every one at once, so that no such key may use it;
 * `path`, `body` the one named there;
 * `own` whichever the key is for, because the route itself leaves the others out;
 * or always these.
 */
export type DetectorsTouched = 'all' | 'path' | 'body' | 'own' | readonly string[];

/** Who may use a route. */
export interface AccessRule {
  readonly role: Role;
  readonly detectors: DetectorsTouched;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A route of Nest without one lets nobody through. */
    access?: AccessRule | 'public';
  }
}

/** Open to everybody. */
export function Public(): MethodDecorator {
  return applyDecorators(RouteSettings({ access: 'public' }), ApiExtension('x-required-role', 'public'));
}

/** Needs an API key of at least this role. Where nothing else is declared, keys for some detectors are refused. */
export function Requires(role: Role, detectors: DetectorsTouched = 'all'): MethodDecorator {
  return applyDecorators(
    RouteSettings({ access: { role, detectors } }),
    ApiExtension('x-required-role', role),
    ApiExtension('x-detectors', detectors),
    ApiSecurity('x-api-key'),
    ApiBearerAuth('bearer'),
    ApiProblems(401, 403),
  );
}
