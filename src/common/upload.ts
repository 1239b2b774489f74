import { Readable } from 'node:stream';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { openForm } from './multipart.js';
import { rowsOf } from './one-or-many.js';
import { UploadBrokenOffError } from './upload.errors.js';

/**
 * Rows sent to a route: a stream to be read by content, or the records of a JSON body. A stream that does not come to its
 * end says so with an error, whichever type of body carries it.
 */
export type Upload =
  | {
      readonly kind: 'stream';
      readonly name: string;
      readonly stream: Readable;
      readonly format?: 'csv' | 'ndjson';
      /** Bytes announced by the sender; NaN when it announced none. */
      readonly announced: number;
    }
  | { readonly kind: 'records'; readonly records: readonly (Readonly<Record<string, unknown>> | string)[] };

/** Body types that reach the route as a stream, with the format they stand for. */
export const streamedTypes = {
  'text/csv': 'csv',
  'application/x-ndjson': 'ndjson',
  'application/octet-stream': undefined,
  'text/plain': undefined,
  'multipart/form-data': undefined,
} as const;

/** The rows of a request, whichever of the accepted body types carries them. */
export const UploadedRows = createParamDecorator(
  async (_: unknown, context: ExecutionContext): Promise<Upload> => {
    const http = context.switchToHttp();
    const upload = await uploadOf(http.getRequest());
    if (upload.kind === 'stream') {
      const { stream } = upload;
      // An error is for who reads; of an upload that nobody reads, as its route is refused, it must not end the process.
      stream.on('error', () => undefined);
      // What is left of it behind the answer is read on and thrown away, or its sender would never get there.
      http.getResponse<FastifyReply>().raw.once('close', () => stream.destroy(new UploadBrokenOffError()));
    }
    return upload;
  },
);

/** @throws RequestInvalidError when the body holds no rows; UploadBrokenOffError when it ends before them */
export async function uploadOf({ headers, body }: FastifyRequest): Promise<Upload> {
  if (!(body instanceof Readable)) return { kind: 'records', records: rowsOf(body) };
  const announced = Number(headers['content-length'] ?? NaN);
  const contentType = headers['content-type'] ?? '';
  const type = contentType.split(';')[0].trim().toLowerCase();
  const bytes = received(body);
  if (type === 'multipart/form-data') {
    return { kind: 'stream', announced, ...(await openForm(bytes, contentType)) };
  }
  const format = streamedTypes[type as keyof typeof streamedTypes];
  const stream = Readable.from(bytes, { objectMode: false });
  return { kind: 'stream', name: 'request', stream, announced, ...(format && { format }) };
}

/**
 * A body as it comes. One whose reader leaves is read on and thrown away, so that its sender gets to the answer.
 * @throws UploadBrokenOffError when its sender goes away
 */
async function* received(body: Readable): AsyncGenerator<Buffer, void, undefined> {
  try {
    for await (const chunk of body.iterator({ destroyOnReturn: false })) yield chunk as Buffer;
  } catch (error) {
    throw isGone(error) ? new UploadBrokenOffError() : error;
  } finally {
    body.resume();
  }
}

/** By its code, for the error of a connection that ends too soon is of no class of its own. */
function isGone(error: unknown): boolean {
  return ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE'].includes(String((error as NodeJS.ErrnoException).code));
}
