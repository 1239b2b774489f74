import type { Matrix } from '../matrix.js';

// Taken out once: in a VM context, as tests run in, looking up a global costs more than the call itself.
const { imul } = Math;

/** The rows of a table, equal ones once. */
export interface DistinctRows {
  readonly columns: number;
  /** Row after row, in the order in which they first occur; -0 is 0. In memory that threads share. */
  readonly points: Float64Array;
  /** For each row of the table, which of the points it is. */
  readonly pointOf: Int32Array;
}

/** Finds equal rows by a hash table with open addressing, in a time linear in the table. */
export function distinctRows(x: Matrix): DistinctRows {
  const { rows, columns } = x;
  const all = sharedFloats(rows * columns);
  for (let j = 0; j < columns; j++) {
    for (let i = 0; i < rows; i++) all[i * columns + j] = x.data[j * rows + i] + 0;
  }
  const bits = new Uint32Array(all.buffer);
  const pointOf = new Int32Array(rows);
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * rows + 1))).fill(-1);
  let count = 0;
  for (let i = 0; i < rows; i++) {
    let slot = hash(bits, 2 * i * columns, 2 * columns) & (slots.length - 1);
    while (slots[slot] >= 0 && !sameRow(all, slots[slot] * columns, i * columns, columns)) {
      slot = (slot + 1) & (slots.length - 1);
    }
    if (slots[slot] < 0) {
      slots[slot] = count;
      all.copyWithin(count * columns, i * columns, (i + 1) * columns);
      count++;
    }
    pointOf[i] = slots[slot];
  }
  const points = sharedFloats(count * columns);
  points.set(all.subarray(0, points.length));
  return { columns, points, pointOf };
}

export function sharedFloats(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT));
}

export function sharedInts(values: ArrayLike<number>): Int32Array {
  const shared = new Int32Array(new SharedArrayBuffer(values.length * Int32Array.BYTES_PER_ELEMENT));
  shared.set(values);
  return shared;
}

/** FNV-1a by words, mixed at the end as in MurmurHash3. */
function hash(words: Uint32Array, from: number, length: number): number {
  let h = 0x811c9dc5;
  for (let at = from; at < from + length; at++) {
    h = imul(h ^ words[at], 0x01000193);
    h ^= h >>> 15;
  }
  h = imul(h ^ (h >>> 16), 0x85ebca6b);
  return h ^ (h >>> 13);
}

function sameRow(points: Float64Array, a: number, b: number, columns: number): boolean {
  for (let j = 0; j < columns; j++) if (points[a + j] !== points[b + j]) return false;
  return true;
}
