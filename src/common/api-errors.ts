import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { ProblemDto } from './problem.dto.js';

const meanings: Readonly<Record<number, string>> = {
  400: 'The request, or a row of it, is wrong; `errors` says where.',
  401: 'No API key, or one that is not valid.',
  403: "The API key's role is too low, or the key is not for this detector; without keys, the sender is another site's page.",
  404: 'No such thing; `detail` names what there is.',
  408: 'The request came too slowly.',
  409: 'The state does not allow it (any more); `detail` has the actual one.',
  410: 'It was there once and is gone for good; `detail` says since when and why.',
  413: 'The body is larger than the configured limit.',
  414: 'A part of the address is too long.',
  415: 'The body type is not one that this route takes.',
  422: 'The input is well-formed but cannot be used.',
  429: 'There is too much of it; `retry-after` says when to try again.',
  431: 'Address and headers are too large together.',
  503: 'A part that this needs is not there at the moment, or there is too much to do; `retry-after` says when to try again.',
};

/** Documents the error answers of a route, all of them problem documents; a part may be away in each. */
export function ApiErrors(...statuses: number[]): MethodDecorator & ClassDecorator {
  return ApiProblems(...statuses, 503);
}

/** Documents these error answers and no other. */
export function ApiProblems(...statuses: number[]): MethodDecorator & ClassDecorator {
  return applyDecorators(...statuses.map((status) => ApiResponse({ status, ...problemResponse(status) })));
}

interface ProblemResponse {
  readonly description: string;
  readonly content: Record<string, { schema: { $ref: string } }>;
}

/** An error answer as the document has it. */
export function problemResponse(status: number): ProblemResponse {
  return {
    description: meanings[status] ?? 'An error.',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemDto' } } },
  };
}

/** Models that the document refers to by name only. */
export const extraModels = [ProblemDto];
