import { Readable } from 'node:stream';
import { createParamDecorator, type ExecutionContext, UnsupportedMediaTypeException } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { RequestInvalidError } from '../common/errors.js';
import { BundleRefusedError, BundleTooLargeError, DigestMismatchError } from './registry.errors.js';
import { digestOf } from './bundle/bundle-codec.js';

/** A bundle on its way here. */
export interface BundleUpload {
  readonly stream: Readable;
  /** Bytes announced by the sender; NaN when it announced none. */
  readonly announced: number;
  /** The sender's `Content-Digest` header. */
  readonly digest?: string;
}

/** A request's body as a bundle that has not been read yet. */
export const UploadedBundle = createParamDecorator((_: unknown, context: ExecutionContext): BundleUpload =>
  bundleUploadOf(context.switchToHttp().getRequest()),
);

/** @throws UnsupportedMediaTypeException for anything but octets */
export function bundleUploadOf({ body, headers }: FastifyRequest): BundleUpload {
  const octets = /^application\/octet-stream *(;|$)/i.test(headers['content-type'] ?? '');
  if (!octets || !(body instanceof Readable)) {
    if (body instanceof Readable) body.resume();
    throw new UnsupportedMediaTypeException('Send the bundle as application/octet-stream.');
  }
  const digest = headers['content-digest'];
  return {
    stream: body,
    announced: Number(headers['content-length'] ?? NaN),
    ...(typeof digest === 'string' && { digest }),
  };
}

/**
 * The whole upload, in memory. One that is too large is read on and thrown away, so that its sender gets to the answer.
 * @throws BundleTooLargeError, DigestMismatchError, RequestInvalidError
 */
export async function readBundle(
  { stream, announced, digest }: BundleUpload,
  limit: number,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = announced > limit ? Infinity : 0;
  try {
    for await (const chunk of stream) {
      length += (chunk as Buffer).length;
      if (length <= limit) chunks.push(chunk as Buffer);
      else chunks.length = 0;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw error;
    throw new BundleRefusedError('its sender went away in the middle of it');
  }
  if (length > limit) throw new BundleTooLargeError(limit);
  const bytes = Buffer.concat(chunks);
  if (digest !== undefined && sha256Of(digest) !== digestOf(bytes)) throw new DigestMismatchError();
  return bytes;
}

/** A `Content-Digest` header (RFC 9530) of what has this sha256. */
export function contentDigest(sha256: string): string {
  return `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`;
}

/** The sha256, in hex, of a `Content-Digest` header, which may name digests of other kinds besides. */
function sha256Of(header: string): string {
  const value = /(?:^|,) *sha-256=:([A-Za-z0-9+/]{43}=):/.exec(header)?.[1];
  if (value !== undefined) return Buffer.from(value, 'base64').toString('hex');
  const message = 'must have a sha-256, as in sha-256=:<base64>:';
  throw new RequestInvalidError([{ path: 'content-digest', message }]);
}
