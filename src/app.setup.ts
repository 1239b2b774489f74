import { randomUUID } from 'node:crypto';
import multipart from '@fastify/multipart';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { AuditService } from './access/audit.service.js';
import { AppModule } from './app.module.js';
import { extraModels } from './common/api-errors.js';
import { serveHealthOnly } from './common/health-only.js';
import type { Logging } from './common/logging.js';
import { answerFrameworkError, ProblemFilter } from './common/problem.filter.js';
import { logRequests } from './common/request-log.js';
import { RequestValidation } from './common/request-validation.js';
import { streamedTypes } from './common/upload.js';
import { codeVersion } from './config/project-root.js';
import type { Environment } from './config/environment.js';

/** The HTTP application, complete but not listening. */
export async function createHttpApp(
  environment: Environment,
  logging: Logging,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: environment.bodyLimit,
    genReqId: requestId,
    frameworkErrors: answerFrameworkError,
  });
  const module = AppModule.forRoot(environment, logging.params);
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: logging.logger,
    abortOnError: false,
  });
  app.useGlobalFilters(new ProblemFilter());
  app.useGlobalPipes(new RequestValidation());
  logRequests(fastifyOf(app), logging.pino);
  await acceptUploads(app, environment);
  if (environment.role === 'worker') serveHealthOnly(fastifyOf(app));
  const audit = app.get(AuditService);
  fastifyOf(app)
    .addHook('onResponse', (request, reply, done) => {
      audit.note(request, reply);
      done();
    })
    .get('/', (_request, reply) => reply.redirect('/docs'));
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'docs/openapi.json',
    customSiteTitle: 'Netwarden API',
    swaggerOptions: { tryItOutEnabled: true },
  });
  app.enableShutdownHooks();
  return app;
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
  return SwaggerModule.createDocument(app, config, { extraModels });
}

/** CSV, NDJSON and unnamed bytes reach their routes as streams; multipart files too. */
async function acceptUploads(app: NestFastifyApplication, { uploadLimit }: Environment): Promise<void> {
  await app.register(multipart, { limits: { fileSize: uploadLimit } });
  const fastify = fastifyOf(app);
  for (const type of Object.keys(streamedTypes)) fastify.removeContentTypeParser(type);
  fastify.addContentTypeParser(Object.keys(streamedTypes), (_request, payload, done) => done(null, payload));
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    done();
  });
}

function fastifyOf(app: NestFastifyApplication): FastifyInstance {
  return app.getHttpAdapter().getInstance();
}

/** The caller's `x-request-id` when it is harmless in a log, else a new one. */
function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[\w.:-]{1,100}$/.test(given) ? given : randomUUID();
}
