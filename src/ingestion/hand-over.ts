import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MessagePort } from 'node:worker_threads';
import { toError } from '../common/errors.js';

/** Rows that go from thread to thread; with the last of them, what comes after all rows. */
interface Part<Row, End> {
  readonly rows: readonly Row[];
  readonly end?: { readonly value: End };
}

/** Few enough that reading and sending them takes some milliseconds; then others get a turn of the event loop. */
const rowsAPart = 250;
/** Parts that may be under way: while one is taken the next is read. */
const partsAhead = 4;

/**
 * Reads rows and sends them to another thread, no faster than that takes them and not before it has begun to.
 * @param conclude gives what the other thread gets after the last row
 * @returns when all is sent, or the other thread takes no more
 */
export async function handOver<Row, End>(
  port: MessagePort,
  rows: AsyncIterable<Row>,
  conclude: () => Promise<End>,
): Promise<void> {
  let [wanted, open] = [0, true];
  let wake = (): void => undefined;
  port.on('message', () => {
    wanted++;
    wake();
  });
  port.on('close', () => {
    open = false;
    wake();
  });
  const send = async (part: Part<Row, End>): Promise<void> => {
    while (open && wanted === 0) await new Promise<void>((resolve) => (wake = resolve));
    wanted--;
    port.postMessage(part);
    await nextTurn();
  };

  await send({ rows: [] });
  if (!open) return;
  let part: Row[] = [];
  for await (const row of rows) {
    part.push(row);
    if (part.length < rowsAPart) continue;
    await send({ rows: part });
    if (!open) return;
    part = [];
  }
  await send({ rows: part, end: { value: await conclude() } });
}

/** Takes the rows that `handOver` sends. @returns what came after them @throws when they break off, and what `take` throws */
export function takeOver<Row, End>(port: MessagePort, take: (row: Row) => void): Promise<End> {
  return new Promise((resolve, reject) => {
    port.on('close', () => reject(new Error('the rows broke off')));
    port.on('message', ({ rows, end }: Part<Row, End>) => {
      try {
        rows.forEach(take);
        if (end) resolve(end.value);
        if (end) port.close();
        else port.postMessage('more');
      } catch (error) {
        reject(toError(error));
        port.close();
      }
    });
    for (let i = 0; i < partsAhead; i++) port.postMessage('more');
  });
}
