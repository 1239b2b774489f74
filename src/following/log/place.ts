import { createHash } from 'node:crypto';
import { z } from 'zod';
import { flowLogFormatNames } from '../../ingestion/readers/flow/flow-formats.js';

const whole = z.number().int().min(0);

/**
 * How far a log has been read: behind the last whole line. An inode is used again once its file is gone, so the
 * beginning of the file is known by its digest too.
 */
export const placeSchema = z.object({
  device: z.string(),
  inode: z.string(),
  /** Bytes, of a compressed log unpacked ones. */
  offset: whole,
  /** Lines in front of it. */
  line: whole,
  /** The first bytes of the file, 4,096 or as many as have been read. */
  head: z.object({ bytes: whole, sha256: z.string() }),
  /** When the file was last written, milliseconds since the epoch. */
  modified: z.number(),
  /** Null as long as nothing has been read. */
  format: z.enum(flowLogFormatNames).nullable(),
  /** The lines that say how the lines behind them are to be read. */
  preamble: z.array(z.string()),
});

export type Place = z.infer<typeof placeSchema>;

/** As many bytes as hold more than the header, which two logs of one sensor share. */
export const headBytes = 4096;

export function digestOf(head: Buffer): Place['head'] {
  return { bytes: head.length, sha256: createHash('sha256').update(head).digest('hex') };
}
