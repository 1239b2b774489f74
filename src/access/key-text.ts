import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A key as its owner has it: `nw_<id>_<secret>`, 12 hexadecimal digits and 32 random bytes in base64url. */
export interface KeyParts {
  readonly id: string;
  readonly secret: string;
}

const form = /^nw_([0-9a-f]{12})_([\w-]{43})$/;

export function newKey(): KeyParts {
  return { id: randomBytes(6).toString('hex'), secret: randomBytes(32).toString('base64url') };
}

export function formatKey({ id, secret }: KeyParts): string {
  return `nw_${id}_${secret}`;
}

/** Null for what has not the form of a key. */
export function parseKey(text: string): KeyParts | null {
  const match = form.exec(text);
  return match && { id: match[1], secret: match[2] };
}

/** sha256, hex. The secret has 256 random bits: no slow hash is needed against guessing. */
export function digestOfSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** In constant time. */
export function hasDigest(secret: string, digest: string): boolean {
  return timingSafeEqual(Buffer.from(digestOfSecret(secret), 'hex'), Buffer.from(digest, 'hex'));
}
