/** Places of the table; half of them are used at most. */
const places = 16384;
export const mostTableValues = places / 2;
/** Where missing values are. */
const missingPlace = places;

/**
 * A hash table of the distinct values of a column, with open addressing: columns of not too many values need no
 * sorting of all their rows, and their codes no search.
 */
export class ValueTable {
  private readonly keys = new Float64Array(places);
  private readonly taken = new Uint8Array(places);
  /** Places of the distinct values, in order of appearance. */
  private readonly used = new Uint16Array(mostTableValues);
  private readonly codes = new Uint8Array(places + 1);
  /** The place of each row's value. */
  private readonly placeOf: Uint16Array;
  private found = 0;

  constructor(rows: number) {
    this.placeOf = new Uint16Array(rows);
  }

  /**
   * Reads a column of as many rows as the table is for.
   * @returns its distinct values in ascending order, without NaN; null where they are too many
   */
  read(values: Float64Array): Float64Array | null {
    const { used, keys, taken } = this;
    const found = this.fill(values);
    const distinct = Float64Array.from(
      used.subarray(0, Math.min(found, mostTableValues)),
      (place) => keys[place],
    );
    for (let i = 0; i < distinct.length; i++) taken[used[i]] = 0;
    this.found = distinct.length;
    return found > mostTableValues ? null : distinct.sort();
  }

  /** Writes `codeOf` each distinct value of the column read last, or `missingCode`, for its rows in `order`. */
  encode(order: Int32Array, codeOf: (value: number) => number, missingCode: number, out: Uint8Array): void {
    const { codes, placeOf } = this;
    for (const place of this.used.subarray(0, this.found)) codes[place] = codeOf(this.keys[place]);
    codes[missingPlace] = missingCode;
    for (let i = 0; i < order.length; i++) out[i] = codes[placeOf[order[i]]];
  }

  /** Fills the table; returns the number of distinct values, or one more than there is room for. */
  private fill(values: Float64Array): number {
    const { keys, taken, used, placeOf } = this;
    const words = new Int32Array(values.buffer, values.byteOffset, 2 * values.length);
    let found = 0;
    for (let row = 0; row < values.length; row++) {
      const value = values[row];
      if (Number.isNaN(value)) {
        placeOf[row] = missingPlace;
        continue;
      }
      // Both zeros are one value.
      const mixed =
        value === 0 ? 0 : Math.imul(words[2 * row] ^ Math.imul(words[2 * row + 1], 0x9e3779b1), 0x85ebca6b);
      let place = (mixed ^ (mixed >>> 15)) & (places - 1);
      while (taken[place] === 1 && keys[place] !== value) place = (place + 1) & (places - 1);
      if (taken[place] === 0) {
        if (found === mostTableValues) return found + 1;
        taken[place] = 1;
        keys[place] = value;
        used[found++] = place;
      }
      placeOf[row] = place;
    }
    return found;
  }
}
