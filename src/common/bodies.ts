import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { BadRequestException, PayloadTooLargeException, UnsupportedMediaTypeException } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { BodyWatch } from './body-watch.js';
import { OverloadedError } from './errors.js';
import { excerpt } from './excerpt.js';
import { checkJsonShape, JsonShapeError } from './json-text.js';
import { RouteSettings } from './route-settings.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Media types whose bytes the route takes as a stream; none where absent. */
    uploads?: readonly string[];
    /** Whether the JSON body may be as large as the settings allow: it holds many items. */
    manyItems?: boolean;
  }
}

const json = 'application/json';

/** Largest JSON body of a route that does not take many items, bytes. */
const formLimit = 256 * 1024;

/** JSON bodies that are under way at the same time, in multiples of the largest one. */
const largestAtOnce = 8;

/** For a route that reads its body as a stream where it is of one of these media types. */
export function TakesUpload(...uploads: readonly string[]): MethodDecorator {
  return RouteSettings({ uploads });
}

/** For a route whose JSON body holds many records, addresses or flows. */
export function TakesManyItems(): MethodDecorator {
  return RouteSettings({ manyItems: true });
}

/**
 * How bodies are read: as JSON within bounds, and as a stream on the routes alone that declare it. Any other type is
 * refused before a byte of it is read.
 * @param bodyLimit largest JSON body of a route that takes many items, bytes
 */
export function readBodies(fastify: FastifyInstance, bodyLimit: number): void {
  const watch = new BodyWatch();
  /** Whose senders want their connections closed, and were answered before their bodies had come. */
  const closeBehind = new WeakSet<IncomingMessage>();
  const budget = new BodyBudget(bodyLimit * largestAtOnce);
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  // Of what no route declares nothing reaches a route: it could only be walked as if it were a value.
  fastify.addContentTypeParser('*', (request, payload, done) =>
    done(null, request.routeOptions.config.uploads ? payload : undefined),
  );
  fastify.addContentTypeParser(json, { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (body.length === 0) return done(null, undefined);
    const text = jsonTextOf(body);
    if (text instanceof Error) return done(text);
    void parseJson(request, text, done);
  });
  void fastify
    .addHook('onRoute', (route) => {
      route.bodyLimit = route.config?.manyItems ? bodyLimit : formLimit;
    })
    .addHook('preParsing', (request, _reply, payload, done) => {
      try {
        refuseOtherTypes(request);
        // A small body has come whole with its headers.
        if (!request.raw.complete) {
          watch.add(request.raw);
          if (mediaTypeOf(request) === json) {
            refuseTooLarge(request);
            budget.reserve(request);
          }
        }
        done(null, payload);
      } catch (error) {
        done(error as Error);
      }
    })
    .addHook('onSend', ({ raw }, reply, payload, done) => {
      if (!raw.complete && !reply.raw.shouldKeepAlive) {
        // Closed at once, the connection would be reset by what is still being sent, and the answer lost on its way.
        reply.raw.shouldKeepAlive = true;
        closeBehind.add(raw);
      }
      done(null, payload);
    })
    .addHook('onResponse', ({ raw }: FastifyRequest, _reply: FastifyReply, done) => {
      if (!raw.complete) watch.answered(raw);
      if (closeBehind.has(raw)) whenRead(raw, () => raw.socket.end());
      done();
    })
    .addHook('onClose', (_fastify, done) => {
      watch.close();
      done();
    });
}

function whenRead(body: IncomingMessage, then: () => void): void {
  if (body.complete) then();
  else body.once('end', then);
}

/** @throws UnsupportedMediaTypeException naming the types that the route takes */
function refuseOtherTypes(request: FastifyRequest): void {
  const { method, headers, routeOptions } = request;
  if (method === 'GET' || method === 'HEAD') return;
  const given = headers['content-type'];
  const isEmpty = headers['content-length'] === '0' || !hasBody(request);
  if (isEmpty && (given === undefined || method === 'DELETE')) return;
  const uploads = routeOptions.config.uploads ?? [];
  const type = mediaTypeOf(request);
  if (type === json || uploads.includes(type)) return;
  const wanted = routeOptions.config.uploads ?? [json];
  const sent = given === undefined ? 'a body of no named type' : `'${excerpt(type, 100)}'`;
  throw new UnsupportedMediaTypeException(
    `This route does not take ${sent}; send ${[...new Set([...wanted, json])].join(', ')} as content-type.`,
  );
}

/** By its header, so that the connection is kept and the sender gets to the answer. @throws PayloadTooLargeException */
function refuseTooLarge({ headers, routeOptions: { bodyLimit } }: FastifyRequest): void {
  if (bodyLimit === undefined || !(Number(headers['content-length']) > bodyLimit)) return;
  throw new PayloadTooLargeException(`A JSON body of this route may have ${bodyLimit} bytes.`);
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || headers['content-length'] !== undefined;
}

/** The media type of a request's body without its parameters, in lower case; empty without one. */
export function mediaTypeOf({ headers }: Pick<FastifyRequest, 'headers'>): string {
  const type = headers['content-type'] ?? '';
  const end = type.indexOf(';');
  return (end === -1 ? type : type.slice(0, end)).trim().toLowerCase();
}

/** The text of a JSON body, or why it cannot be parsed. */
function jsonTextOf(body: Buffer): string | Error {
  if (!isUtf8(body)) return new BadRequestException('The body is not UTF-8.');
  const text = body.toString('utf8');
  try {
    checkJsonShape(text);
    return text;
  } catch (error) {
    if (error instanceof JsonShapeError)
      return new BadRequestException(`The JSON is refused: ${error.message}.`);
    throw error;
  }
}

/** The bytes that bodies under way may take together: half-sent ones wait in memory. */
class BodyBudget {
  private taken = 0;

  constructor(private readonly most: number) {}

  /** Until the body is read or its sender is gone. @throws OverloadedError */
  reserve({ raw, headers, routeOptions }: FastifyRequest): void {
    const bytes = Number(headers['content-length'] ?? routeOptions.bodyLimit);
    if (this.taken + bytes > this.most) {
      throw new OverloadedError('Too many large bodies are under way. Send it again in a moment.');
    }
    this.taken += bytes;
    let isReserved = true;
    const release = (): void => {
      if (isReserved) this.taken -= bytes;
      isReserved = false;
    };
    raw.once('end', release).once('close', release);
  }
}
