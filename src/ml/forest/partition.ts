import { type Bins, missingCode } from '../bins.js';
import { addCode, hasCode, setWords } from './category-set.js';

export interface Cut {
  readonly column: number;
  /** Codes up to this one go left. */
  readonly code: number;
  readonly missingLeft: boolean;
  /** The bins that go left in a categorical column, in place of `code`; its bit of the missing code says nothing. */
  readonly set?: Uint32Array;
}

/**
 * Moves the rows at `order[from]` to `order[to - 1]` that go left to `order[left]` and on, the others to
 * `spare[right]` and on, both in their order; returns how many went left. Both places are written each time and
 * the comparison is a sign bit: cheaper than a branch that nobody can predict.
 */
export function partitionRows(
  { codes, rows }: Bins,
  { column, code, missingLeft, set }: Cut,
  order: Int32Array,
  from: number,
  to: number,
  left: number,
  spare: Int32Array,
  right: number,
): number {
  const start = column * rows;
  if (set)
    return partitionBySet(codes, start, withMissing(set, missingLeft), order, from, to, left, spare, right);
  // Turned by one, the missing code 255 becomes 0 and so the leftmost.
  const turn = missingLeft ? 256 - missingCode : 0;
  const last = code + turn;
  let moved = 0;
  for (let i = from; i < to; i++) {
    const row = order[i];
    order[left + moved] = row;
    spare[right + i - from - moved] = row;
    moved += (((codes[start + row] + turn) & 255) - last - 1) >>> 31;
  }
  return moved;
}

function partitionBySet(
  codes: Uint8Array,
  start: number,
  set: Uint32Array,
  order: Int32Array,
  from: number,
  to: number,
  left: number,
  spare: Int32Array,
  right: number,
): number {
  let moved = 0;
  for (let i = from; i < to; i++) {
    const row = order[i];
    order[left + moved] = row;
    spare[right + i - from - moved] = row;
    const code = codes[start + row];
    moved += (set[code >>> 5] >>> (code & 31)) & 1;
  }
  return moved;
}

const completed = new Uint32Array(setWords);

function withMissing(set: Uint32Array, missingLeft: boolean): Uint32Array {
  if (hasCode(set, missingCode) === missingLeft) return set;
  completed.set(set);
  if (missingLeft) addCode(completed, missingCode);
  else completed[missingCode >>> 5] &= ~(1 << (missingCode & 31));
  return completed;
}
