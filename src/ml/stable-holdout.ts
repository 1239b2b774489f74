import type { Matrix } from './matrix.js';
import { finish, mix } from './murmur.js';
import type { Split } from './splits.js';

/**
 * Holds out the rows whose group key hashes into the first `share` of the hash's range. Rows that agree in
 * every column of `keys` (rows x key columns, NaN equal to NaN, texts by their `textKey`) stay together, and a group keeps its side
 * whatever other data comes or goes: a later model is tested on rows that no earlier one has learned from.
 * The share is met in expectation over groups.
 * @throws RangeError when share is not in (0, 1) or a side is left empty.
 */
export function stableHoldout(keys: Matrix, { share, seed }: { share: number; seed: number }): Split {
  if (!(share > 0 && share < 1))
    throw new RangeError(`share of the test part is ${share}; it must lie between 0 and 1`);
  const hashes = hashRows(keys, seed);
  const limit = share * 2 ** 32;
  const train: number[] = [];
  const test: number[] = [];
  hashes.forEach((hash, i) => (hash < limit ? test : train).push(i));
  if (train.length === 0 || test.length === 0) {
    throw new RangeError(`${keys.rows} rows are too few groups to hold out a share of ${share}`);
  }
  return { train: Int32Array.from(train), test: Int32Array.from(test) };
}

/** murmur3's 32-bit mix over both halves of each value's bits, column by column. */
function hashRows(keys: Matrix, seed: number): Uint32Array {
  const hashes = new Uint32Array(keys.rows).fill(seed);
  const value = new Float64Array(1);
  const bits = new Uint32Array(value.buffer);
  for (let j = 0; j < keys.columns; j++) {
    const column = keys.column(j);
    for (let i = 0; i < keys.rows; i++) {
      // Adding 0 makes -0 and 0 one value; a fresh NaN makes all NaNs one.
      value[0] = Number.isNaN(column[i]) ? NaN : column[i] + 0;
      hashes[i] = mix(mix(hashes[i], bits[0]), bits[1]);
    }
  }
  return hashes.map((hash) => finish(hash ^ (keys.columns * 8)));
}
