import { type ByteInput, ByteSource } from '../byte-source.js';
import { readLines } from '../lines.js';
import { openText, type TextSource } from '../text-source.js';
import { fault, type FlowLogParser } from './flow-format.js';
import { type FlowLogFormatName, flowLogFormat, recogniseFlowLog } from './flow-formats.js';
import type { FlowLogItem } from './flow-item.js';
import { FlowLogTally } from './flow-log-tally.js';
import { gunzipped, type GunzipState } from './gunzip.js';

export interface FlowLogOptions {
  /** Recognised from the content when absent. */
  readonly format?: FlowLogFormatName;
  /** A longer line is a fault and is never held in memory; 1 MiB when absent. */
  readonly maxLineBytes?: number;
  /** Bytes that a packed log from elsewhere may unpack to; see `gunzipped`. One's own has no bound when absent. */
  readonly mostUnpacked?: number;
  /** What was wrong with the packed log whose unpacked bytes are given. They are not unpacked again. */
  readonly unpacked?: GunzipState;
}

export interface FlowLog {
  readonly format: FlowLogFormatName;
  /** What the log as a whole lacks, for a person; complete once its first items have come. */
  readonly warnings: readonly string[];
  /** What has been read so far. */
  readonly tally: FlowLogTally;
  /** Bytes received so far, unpacked. */
  readonly bytes: number;
  /** sha256 of all bytes, unpacked, in hex. @throws Error while items are left. */
  digest(): string;
  /** The items, once, in the groups in which they arrive. Leaving the loop early closes the input. */
  batches(): AsyncGenerator<FlowLogItem[], void, undefined>;
  /** Closes a log whose items are not wanted after all. */
  close(): Promise<void>;
}

/**
 * Opens a log of flows, gzip or not, in memory bounded by `maxLineBytes` and a few chunks. A line that cannot be read
 * is an item too; it stops nothing.
 * @throws ReaderError when the input as a whole is no such log
 */
export async function openFlowLog(input: ByteInput, options: FlowLogOptions = {}): Promise<FlowLog> {
  const gzip: GunzipState = options.unpacked ?? { damage: null };
  const source = new ByteSource(options.unpacked ? input : gunzipped(input, gzip, options.mostUnpacked));
  try {
    // A log is bytes from the wire: a line that is not UTF-8 is still a line.
    const text = await openText(source, 'latin1');
    const format = options.format ?? recogniseFlowLog(text.head.text);
    const maxLineBytes = options.maxLineBytes ?? 1024 * 1024;
    const parser = flowLogFormat(format).parser(maxLineBytes, text.head.text);
    const tally = new FlowLogTally();
    const batches = readBatches(text, parser, maxLineBytes, gzip);
    const counted = counting(batches, tally, source);
    return {
      format,
      get warnings() {
        return parser.warnings;
      },
      tally,
      get bytes() {
        return source.bytes;
      },
      digest: () => source.digest(),
      batches: () => counted,
      close: () => source.close(),
    };
  } catch (error) {
    await source.close();
    // What cannot be read of half a log might be readable of the whole.
    throw source.failure?.error ?? error;
  }
}

/** What there is to say of a log that was read to its end: what it lacks, what was mended, and that it has no flow. */
export function warningsOf({ warnings, tally }: FlowLog): string[] {
  const { counts, events, mendedCount, mended } = tally;
  const [first] = mended;
  const held = [...events].map(([event, count]) => `${event} ${count}`).join(', ') || 'none';
  return [
    ...warnings,
    ...(first
      ? [`Mended in ${mendedCount} lines, the first of them line ${first.line}: ${first.text}.`]
      : []),
    ...(counts.flow === 0
      ? [`The log holds no flow (other lines: ${held}; addresses: ${counts.url}; rejected: ${counts.fault}).`]
      : []),
  ];
}

async function* readBatches(
  text: TextSource,
  parser: FlowLogParser,
  maxLineBytes: number,
  gzip: GunzipState,
): AsyncGenerator<FlowLogItem[]> {
  let last = 0;
  for await (const lines of readLines(text.utf8(), maxLineBytes, text.fallback)) {
    last = lines[lines.length - 1].number;
    yield parser.parse(lines);
  }
  yield parser.end();
  if (gzip.damage !== null)
    yield [fault(last + 1, 'CUT_OFF', `the gzip is damaged here: ${gzip.damage}`, '')];
}

async function* counting(
  batches: AsyncIterable<FlowLogItem[]>,
  tally: FlowLogTally,
  source: ByteSource,
): AsyncGenerator<FlowLogItem[], void, undefined> {
  try {
    for await (const batch of batches) {
      for (const item of batch) tally.add(item);
      if (batch.length > 0) yield batch;
    }
  } finally {
    await source.close();
  }
}
