import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { ValidateIf } from 'class-validator';

/**
 * A member of a request that may be left out. Where it is there it has to be what its other rules say: null is no
 * value of it, unlike with class-validator's IsOptional, which lets null past every rule.
 */
export function MayBeAbsent(): PropertyDecorator {
  // A member with a default of its own would count as required in the document.
  return applyDecorators(
    ApiPropertyOptional(),
    ValidateIf((_, value: unknown) => value !== undefined),
  );
}

/** The same where null has a meaning of its own, which the member’s comment gives. */
export function MayBeAbsentOrNull(): PropertyDecorator {
  return ValidateIf((_, value: unknown) => value !== undefined && value !== null);
}
