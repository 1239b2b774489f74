import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { ProblemDto } from './problem.dto.js';

const meanings: Readonly<Record<number, string>> = {
  400: 'The request, or a row of it, is wrong; `errors` says where.',
  401: 'No API key, or one that is not valid.',
  403: "The API key's role is too low, or the key is not for this detector.",
  404: 'No such thing; `detail` names what there is.',
  409: 'The state does not allow it (any more); `detail` has the actual one.',
  410: 'It was there once and is gone for good; `detail` says since when and why.',
  413: 'The body is larger than the configured limit.',
  415: 'The body type is not one that this route takes.',
  422: 'The input is well-formed but cannot be used.',
  503: 'A part that this needs is not there at the moment.',
};

/** Documents the error answers of a route, all of them problem documents; a part may be away in each. */
export function ApiErrors(...statuses: number[]): MethodDecorator & ClassDecorator {
  return ApiProblems(...statuses, 503);
}

/** Documents these error answers and no other. */
export function ApiProblems(...statuses: number[]): MethodDecorator & ClassDecorator {
  return applyDecorators(
    ...statuses.map((status) =>
      ApiResponse({
        status,
        description: meanings[status] ?? 'An error.',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemDto' } } },
      }),
    ),
  );
}

/** Models that the document refers to by name only. */
export const extraModels = [ProblemDto];
