import { createHash, randomUUID } from 'node:crypto';
import type { TrainOrder } from './run-order.js';

/**
 * The id of a new run. With an idempotency key it follows from actor and key, so that the unique index on ids
 * lets only one of several equal requests make a run.
 */
export function runIdOf(actor: string, idempotencyKey?: string): string {
  if (idempotencyKey === undefined) return randomUUID();
  const hex = createHash('sha256')
    .update(JSON.stringify([actor, idempotencyKey]))
    .digest('hex');
  // A UUID of version 8, whose bits are the application's own (RFC 9562, section 5.8).
  const variant = ((parseInt(hex[16], 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Members of an order that do not change what is asked for. */
const circumstances = ['actor', 'trigger', 'idempotencyKey'] as const satisfies (keyof TrainOrder)[];

/** sha256 of what was asked for, whatever the order of its members. */
export function requestDigest(detector: string, order: TrainOrder): string {
  const left: readonly string[] = circumstances;
  const asked = Object.entries({ ...order, detector })
    .filter(([name, value]) => value !== undefined && !left.includes(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex');
}
