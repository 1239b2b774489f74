import type { SchemaObject } from '@nestjs/swagger';
import { RequestInvalidError } from '../common/errors.js';

/** A key as a request's header gives it; undefined without one. @throws RequestInvalidError */
export function idempotencyKeyOf(header: string | undefined): string | undefined {
  if (header === undefined || /^[\x21-\x7e]{1,200}$/.test(header)) return header;
  const message = 'must be 1 to 200 characters that can be seen, without blanks';
  throw new RequestInvalidError([{ path: 'Idempotency-Key', message }]);
}

/** The number of the last event that a reader has; 0 for none. @throws RequestInvalidError */
export function lastEventOf(header: string | undefined): number {
  if (header === undefined || /^\d{1,15}$/.test(header)) return Number(header ?? 0);
  const message = 'must be the id of an event of this stream';
  throw new RequestInvalidError([{ path: 'Last-Event-ID', message }]);
}

/** One event of the stream, in the parts that the format of server-sent events gives it. */
export const runEventSchema: SchemaObject = {
  type: 'object',
  required: ['id', 'event', 'data'],
  properties: {
    id: { type: 'string', description: 'Number of the event in its run, for `last-event-id`.' },
    event: {
      type: 'string',
      enum: ['status', 'stage', 'progress'],
      description: 'Of which kind the data is.',
    },
    data: { type: 'string', description: 'The event as JSON.' },
  },
};

/** The end of a stream, for the documentation. */
export const eventsExample = [
  'id: 14',
  'event: stage',
  'data: {"stage":"registration","status":"succeeded","summary":"version 3, promoted to champion","durationMs":412}',
  '',
  'id: 15',
  'event: status',
  'data: {"status":"succeeded","reason":null,"attempts":1,"version":3,"promoted":true,"failure":null}',
  '',
  '',
].join('\n');
