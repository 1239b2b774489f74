import { Readable } from 'node:stream';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { RequestInvalidError } from './errors.js';
import { recordsOf } from './one-or-many.js';

/** Rows sent to a route: a stream to be read by content, or the records of a JSON body. */
export type Upload =
  | {
      readonly kind: 'stream';
      readonly name: string;
      readonly stream: Readable;
      readonly format?: 'csv' | 'ndjson';
      /** Bytes announced by the sender; NaN when it announced none. */
      readonly announced: number;
      /** Called behind the last byte. @throws RequestInvalidError when something follows that would be lost. */
      readonly afterLast?: () => Promise<void>;
    }
  | { readonly kind: 'records'; readonly records: readonly Readonly<Record<string, unknown>>[] };

/** Body types that reach the route as a stream, with the format they stand for. */
export const streamedTypes = {
  'text/csv': 'csv',
  'application/x-ndjson': 'ndjson',
  'application/octet-stream': undefined,
  'text/plain': undefined,
} as const;

/** The rows of a request, whichever of the accepted body types carries them. */
export const UploadedRows = createParamDecorator((_: unknown, context: ExecutionContext): Promise<Upload> =>
  uploadOf(context.switchToHttp().getRequest()),
);

/** @throws RequestInvalidError when the body holds no rows. */
export async function uploadOf(request: FastifyRequest): Promise<Upload> {
  const announced = Number(request.headers['content-length'] ?? NaN);
  if (request.isMultipart()) return multipartUpload(request, announced);
  if (request.body instanceof Readable) {
    const type = (request.headers['content-type'] ?? '').split(';')[0].trim().toLowerCase();
    const format = streamedTypes[type as keyof typeof streamedTypes];
    return { kind: 'stream', name: 'request', stream: request.body, announced, ...(format && { format }) };
  }
  return { kind: 'records', records: recordsOf(request.body).values };
}

async function multipartUpload(request: FastifyRequest, announced: number): Promise<Upload> {
  const files = request.files({ limits: { files: 2 } });
  const first = await files.next().catch((error: Error & { statusCode?: number }) => {
    if (error.statusCode !== undefined) throw error;
    throw new RequestInvalidError([{ path: 'content-type', message: error.message }]);
  });
  if (first.done)
    throw new RequestInvalidError([{ path: 'file', message: 'send the file as a multipart part' }]);
  const afterLast = async (): Promise<void> => {
    const second = await files.next();
    if (second.done) return;
    second.value.file.resume();
    const message =
      'is a second file; send one a request (sending the first alone adds what is missing of it)';
    throw new RequestInvalidError([{ path: second.value.fieldname, message }]);
  };
  return { kind: 'stream', name: first.value.filename, stream: first.value.file, announced, afterLast };
}
