import type { Bins } from '../bins.js';

/** Rows as trees are grown on, and where each row of the data went. */
export interface PlacedRows {
  readonly bins: Bins;
  /** The row of `bins` that stands for each row of the data; shared between threads. */
  readonly places: Int32Array;
  /** How many rows of `bins` are benign; they stand first. */
  readonly benignRows: number;
}

/** Above this share of distinct rows, making a smaller table would cost more than it saves. */
const worthwhile = 0.8;

/**
 * Lets rows of one class with the same codes stand as one, whose weight is theirs together: flags and categories
 * repeat themselves, and half of the work may be done for copies. Trees are the same as on all rows but where
 * rows are counted.
 */
export function mergeRows(placed: PlacedRows): PlacedRows {
  const { bins, benignRows } = placed;
  const { rows, columns, codes } = bins;
  const { firsts, groupOf } = groupRows(bins, benignRows);
  if (firsts.length > worthwhile * rows) return placed;
  const merged = new Uint8Array(new SharedArrayBuffer(firsts.length * columns));
  for (let column = 0; column < columns; column++) {
    const to = column * firsts.length;
    for (let i = 0; i < firsts.length; i++) merged[to + i] = codes[column * rows + firsts[i]];
  }
  const places = placed.places.map((row) => groupOf[row]);
  const shared = new Int32Array(new SharedArrayBuffer(places.byteLength));
  shared.set(places);
  return {
    bins: { ...bins, rows: firsts.length, codes: merged },
    places: shared,
    benignRows: firsts.filter((row) => row < benignRows).length,
  };
}

/** Adds up weights, one a row of the data, to those of the rows of `bins`. */
export function placeWeights(places: Int32Array, weights: Float64Array, out: Float64Array): void {
  out.fill(0);
  for (let row = 0; row < places.length; row++) out[places[row]] += weights[row];
}

/** The first row of each group of equal ones, ascending, and the number of each row's group. */
function groupRows(bins: Bins, benignRows: number): { firsts: Int32Array; groupOf: Int32Array } {
  const { rows } = bins;
  const hashes = hashRows(bins, benignRows);
  const places = 2 ** Math.ceil(Math.log2(2 * rows));
  // One more than the group's number, 0 where there is none.
  const table = new Int32Array(places);
  const firsts = new Int32Array(rows);
  const groupOf = new Int32Array(rows);
  let groups = 0;
  for (let row = 0; row < rows; row++) {
    let at = hashes[row] & (places - 1);
    const isOther = (group: number): boolean => {
      const first = firsts[group];
      return (
        hashes[first] !== hashes[row] || first < benignRows !== row < benignRows || !equal(bins, first, row)
      );
    };
    while (table[at] > 0 && isOther(table[at] - 1)) at = (at + 1) & (places - 1);
    if (table[at] === 0) {
      firsts[groups++] = row;
      table[at] = groups;
    }
    groupOf[row] = table[at] - 1;
  }
  return { firsts: firsts.slice(0, groups), groupOf };
}

function hashRows({ rows, columns, codes }: Bins, benignRows: number): Int32Array {
  const hashes = new Int32Array(rows).fill(1, benignRows);
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) {
      const mixed = Math.imul(hashes[row] ^ codes[column * rows + row], 0x9e3779b1);
      hashes[row] = mixed ^ (mixed >>> 15);
    }
  }
  return hashes;
}

function equal({ rows, columns, codes }: Bins, a: number, b: number): boolean {
  for (let column = 0; column < columns; column++) {
    if (codes[column * rows + a] !== codes[column * rows + b]) return false;
  }
  return true;
}
