import { randomUUID } from 'node:crypto';
import { BadRequestException, NotFoundException } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { checkAccessFirst } from './access/access.hook.js';
import { AuditService } from './access/audit.service.js';
import { KeysService } from './access/keys.service.js';
import { refuseForeignOrigins } from './access/own-machine.js';
import { AppModule } from './app.module.js';
import { completeDocument } from './common/api-document.js';
import { extraModels } from './common/api-errors.js';
import { readBodies } from './common/bodies.js';
import { answerClientError } from './common/client-errors.js';
import type { Logging } from './common/logging.js';
import { refuseOtherMethods } from './common/method-not-allowed.js';
import { answerFrameworkError, ProblemFilter } from './common/problem.filter.js';
import { logRequests } from './common/request-log.js';
import { RequestValidation } from './common/request-validation.js';
import { setSecurityHeaders } from './common/security-headers.js';
import { codeVersion } from './config/project-root.js';
import type { Environment } from './config/environment.js';

/** Milliseconds in which the headers of a request must have come. */
const headersMs = 15_000;

/** The HTTP application, complete but not listening. */
export async function createHttpApp(
  environment: Environment,
  logging: Logging,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    genReqId: requestId,
    frameworkErrors: answerFrameworkError,
    clientErrorHandler: answerClientError,
    // A request without a host is refused by a hook, whose answer is a problem document.
    http: { headersTimeout: headersMs, connectionsCheckingInterval: 1000, requireHostHeader: false },
    routerOptions: { maxParamLength: 200 },
  });
  const module = AppModule.forRoot(environment, logging.params);
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: logging.logger,
    abortOnError: false,
    bodyParser: false,
  });
  app.useGlobalFilters(new ProblemFilter());
  app.useGlobalPipes(new RequestValidation());
  setUpRequests(app, environment, logging);
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'docs/openapi.json',
    customSiteTitle: 'Netwarden API',
    swaggerOptions: { tryItOutEnabled: true },
  });
  app.enableShutdownHooks();
  return app;
}

/** What happens to every request before its route and behind its answer, in this order. */
function setUpRequests(app: NestFastifyApplication, environment: Environment, { pino }: Logging): void {
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  const audit = app.get(AuditService);
  fastify.server.maxConnections = environment.maxConnections;
  // An expectation other than 100-continue may be passed over: RFC 9110, 10.1.1.
  fastify.server.on('checkExpectation', (request, response) =>
    fastify.server.emit('request', request, response),
  );
  fastify.addHook('onRequest', (request, reply, done) => {
    setSecurityHeaders(request.raw, reply.raw);
    void reply.header('x-request-id', request.id);
    const isHostless = request.headers.host === undefined && request.raw.httpVersion === '1.1';
    if (isHostless) done(new BadRequestException('The request has no header `host`.'));
    else done();
  });
  logRequests(fastify, pino);
  refuseOtherMethods(fastify);
  if (environment.role === 'worker') serveHealthOnly(fastify);
  if (!environment.auth) refuseForeignOrigins(fastify);
  checkAccessFirst(fastify, app.get(KeysService), environment);
  readBodies(fastify, environment.bodyLimit);
  fastify
    .addHook('onResponse', (request, reply, done) => {
      audit.note(request, reply);
      done();
    })
    .get('/', (_request, reply) => reply.redirect('/docs'));
}

/** Leaves a process that only works with its health routes: everything else is another process's to answer. */
function serveHealthOnly(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (/^\/health\//.test(request.url)) return done();
    const detail = 'This process works on training runs (ROLE=worker) and answers under /health only.';
    answerFrameworkError(new NotFoundException(detail), request, reply);
  });
}

export function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Netwarden')
    .setDescription(
      'Self-hosted network security detection: scores records, says why, and keeps its own models fresh. ' +
        'Errors are RFC 9457 problem documents.',
    )
    .setVersion(codeVersion)
    .addApiKey({ type: 'apiKey', in: 'header', name: 'x-api-key' }, 'x-api-key')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'API key' }, 'bearer')
    .build();
  return completeDocument(SwaggerModule.createDocument(app, config, { extraModels }));
}

/** The caller's `x-request-id` when it is harmless in a log, else a new one. */
function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[\w.:-]{1,100}$/.test(given) ? given : randomUUID();
}
