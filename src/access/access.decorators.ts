import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiExtension, ApiSecurity } from '@nestjs/swagger';
import { ApiProblems } from '../common/api-errors.js';
import type { Role } from './roles.js';

/** Metadata key of a route's rule. */
export const accessRule = 'netwarden:access';

/** Who may use a route. */
export interface AccessRule {
  readonly role: Role;
  /** What concerns every detector at once is for keys alone that are not limited to some. */
  readonly allDetectors: boolean;
}

/** Open to everybody. */
export function Public(): MethodDecorator & ClassDecorator {
  return applyDecorators(SetMetadata(accessRule, 'public'), ApiExtension('x-required-role', 'public'));
}

/** Needs an API key of at least this role, which may use the detector that the request names. */
export function Requires(role: Role, { allDetectors = false } = {}): MethodDecorator {
  const rule: AccessRule = { role, allDetectors };
  return applyDecorators(
    SetMetadata(accessRule, rule),
    ApiExtension('x-required-role', role),
    ApiSecurity('x-api-key'),
    ApiBearerAuth('bearer'),
    ApiProblems(401, 403),
  );
}
