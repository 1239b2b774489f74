import { nextTurn } from '../../common/turns.js';
import type { LabelledRecord, SupplementRow } from '../kind.js';
import { urlItemOf } from './url-item.js';

/** Rows read before others get a turn of the event loop. */
const rowsATurn = 500;

/**
 * The bare host of each benign address, where its source has no record of it. Published collections hold home pages in
 * one class only, the one or the other, and learners take a missing path for a sign of it.
 */
export async function missingHomePages(records: readonly LabelledRecord[]): Promise<SupplementRow[]> {
  const bare = new Set<string>();
  const wanted = new Map<string, SupplementRow>();
  for (const [i, { values, label, source }] of records.entries()) {
    const { bareHost, tail } = urlItemOf(String(values[0])).url;
    const key = `${source} ${bareHost}`;
    if (tail === '') bare.add(key);
    else if (label === 0 && bareHost !== '' && !wanted.has(key))
      wanted.set(key, { values: [bareHost], label, source });
    if (i % rowsATurn === rowsATurn - 1) await nextTurn();
  }
  return [...wanted].flatMap(([key, row]) => (bare.has(key) ? [] : [row]));
}
