import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isDatabaseDown } from './database-failures.js';
import { statusByCode } from './error-status.js';
import { type InputFault, NetwardenError, toError } from './errors.js';
import { excerpt } from './excerpt.js';
import { redactSecrets } from './redact.js';
import { setSecurityHeaders } from './security-headers.js';

/** Characters of a detail, and of a fault's path and message; what was sent may stand in each. */
const longestDetail = 4000;
const longestFault = 500;
/** Faults that are listed. */
const mostFaults = 100;
/** When to try again what is refused for now, seconds. */
const retryAfter = 5;

interface Problem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly InputFault[];
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Turns every error into `application/problem+json`. What it does not know is a bare 500, logged with its stack. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const problem = describe(thrown);
    if (problem.status >= 500) this.logger.error(toError(thrown));
    if (!reply.sent) sendProblem(problem, request, reply);
  }
}

/** For what Fastify refuses before a route is found, such as an address that cannot be decoded. */
export function answerFrameworkError(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  // No hook has run for it.
  setSecurityHeaders(request.raw, reply.raw);
  void reply.header('x-request-id', request.id);
  sendProblem(describe(error), request, reply);
}

function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): void {
  // RFC 9110 asks for it: 401 says how to be let in.
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
  if (problem.status === 429 || problem.status === 503) void reply.header('retry-after', String(retryAfter));
  void reply.status(problem.status).type('application/problem+json').send(problemText(problem, request.id));
}

/** The problem document, with all that was sent cut to a size that suits an error. */
export function problemText(
  { status, code, detail, errors = [], details }: Problem,
  requestId: string,
): string {
  const shown = (text: string, length: number): string => redactSecrets(excerpt(text, length));
  const faults = errors.slice(0, mostFaults).map((fault) => ({
    ...fault,
    ...(fault.path !== undefined && { path: shown(fault.path, longestFault) }),
    message: shown(fault.message, longestFault),
  }));
  return JSON.stringify({
    type: `urn:netwarden:problem:${code.toLowerCase().replaceAll('_', '-')}`,
    title: titleOf(code),
    status,
    detail: shown(detail, longestDetail),
    code,
    requestId,
    ...(faults.length > 0 && { errors: faults }),
    ...details,
  });
}

function describe(thrown: unknown): Problem {
  if (thrown instanceof NetwardenError) {
    const { code, message, errors, details } = thrown;
    return { status: statusByCode[code], code, detail: message, errors, details };
  }
  if (thrown instanceof HttpException) return clientProblem(thrown.getStatus(), thrown.message);
  if (isDatabaseDown(thrown)) {
    return {
      status: statusByCode.DATABASE_UNAVAILABLE,
      code: 'DATABASE_UNAVAILABLE',
      detail:
        'The database does not answer at the moment. Try again shortly; /health/ready tells when it is back.',
    };
  }
  const status = (thrown as { statusCode?: unknown } | null)?.statusCode;
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return clientProblem(status, toError(thrown).message);
  }
  return {
    status: 500,
    code: 'INTERNAL',
    detail: 'Something went wrong here. The log has it under this request id.',
  };
}

const clientCodes: Readonly<Record<number, string>> = {
  400: 'REQUEST_INVALID',
  404: 'ROUTE_UNKNOWN',
  405: 'METHOD_NOT_ALLOWED',
  408: 'REQUEST_TIMEOUT',
  413: 'BODY_TOO_LARGE',
  414: 'ADDRESS_TOO_LONG',
  415: 'MEDIA_TYPE_UNSUPPORTED',
};

function clientProblem(status: number, detail: string): Problem {
  if (status >= 500) return { status, code: 'INTERNAL', detail: 'Something went wrong here.' };
  return { status, code: clientCodes[status] ?? 'REQUEST_REFUSED', detail };
}

function titleOf(code: string): string {
  const words = code.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
