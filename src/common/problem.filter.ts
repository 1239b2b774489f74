import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isDatabaseDown } from './database-failures.js';
import { statusByCode } from './error-status.js';
import { type InputFault, NetwardenError, toError } from './errors.js';
import { redactSecrets } from './redact.js';

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
  sendProblem(describe(error), request, reply);
}

function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): void {
  // RFC 9110 asks for it: 401 says how to be let in.
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
  void reply
    .status(problem.status)
    .type('application/problem+json')
    .send({
      type: `urn:netwarden:problem:${problem.code.toLowerCase().replaceAll('_', '-')}`,
      title: titleOf(problem.code),
      status: problem.status,
      detail: redactSecrets(problem.detail),
      code: problem.code,
      requestId: request.id,
      ...(problem.errors?.length ? { errors: problem.errors } : {}),
      ...problem.details,
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
  413: 'BODY_TOO_LARGE',
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
