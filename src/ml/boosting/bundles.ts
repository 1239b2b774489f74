import { type Bins, missingCode } from '../bins.js';

/** A column of the matrix as it is found in its bundle. */
export interface BundledFeature {
  readonly column: number;
  readonly bundle: number;
  /** Value codes are 0 to values - 1; a missing value has the code `values`. */
  readonly values: number;
  readonly hasMissing: boolean;
  readonly isCategorical: boolean;
  /** The feature's code in each tuple of the bundle; tuple = code where the feature has a bundle of its own. */
  readonly codes: Uint8Array;
  readonly alone: boolean;
  /** The code that most tuples have, and the tuples that have another one. */
  readonly usual: number;
  readonly unusual: Uint8Array;
}

/**
 * A binned matrix with fewer columns: features of few values share a bundle, a column in which each combination
 * of their codes that a row has, a tuple, is one code of a byte.
 *
 * A histogram of tuples says all that the features' histograms do, as sums of gradients can be added up per
 * feature afterwards. One-hot columns, of which a row has one, make few tuples: this covers the exclusive
 * feature bundling of LightGBM (Ke et al. 2017), and features that exclude nothing as well.
 */
export interface Bundles {
  readonly rows: number;
  /** Features that can be split on: they have more than one code, and enough rows of another than most have. */
  readonly features: readonly BundledFeature[];
  /** First histogram slot of each bundle and, last, the number of slots: bundles + 1 values. */
  readonly starts: Int32Array;
  /** Each bundle's tuples, one a row. */
  readonly tuples: readonly Uint8Array[];
}

const mostTuples = 256;

/** Tuples of up to 256 codes each, and which columns are in them; `null` ends the search for a place. */
interface OpenBundle {
  readonly columns: number[];
  readonly tuples: Uint8Array;
  count: number;
}

/** @param leastRows rows that a feature must have outside its most frequent code to be kept */
export function bundleColumns(bins: Bins, leastRows = 1): Bundles {
  // Beyond this, adding up tuples in a node of some hundred rows would cost more than it saves.
  const limit = Math.min(mostTuples, Math.max(8, bins.rows >> 8));
  const open: OpenBundle[] = [];
  const joiner = new TupleJoiner(bins.rows);
  for (let column = 0; column < bins.columns; column++) {
    const codes = compactCodes(bins, column);
    const count = bins.counts[column] + (hasMissing(bins, column) ? 1 : 0);
    if (count < 2 || bins.rows - mostFrequent(codes) < leastRows) continue;
    const place =
      2 * count > limit ? undefined : open.find((bundle) => joiner.join(bundle, codes, count, limit));
    if (place) place.columns.push(column);
    else open.push({ columns: [column], tuples: codes, count });
  }
  return pack(bins, open);
}

const columnOf = ({ codes, rows }: Bins, column: number): Uint8Array =>
  codes.subarray(column * rows, (column + 1) * rows);

const hasMissing = (bins: Bins, column: number): boolean => columnOf(bins, column).includes(missingCode);

/** A column's codes with the missing code moved up behind the values. */
function compactCodes(bins: Bins, column: number): Uint8Array {
  const codes = columnOf(bins, column).slice();
  if (!codes.includes(missingCode)) return codes;
  for (let row = 0; row < codes.length; row++) {
    if (codes[row] === missingCode) codes[row] = bins.counts[column];
  }
  return codes;
}

/** How many rows have the code that most have. */
function mostFrequent(codes: Uint8Array): number {
  const counts = new Int32Array(256);
  for (let row = 0; row < codes.length; row++) counts[codes[row]]++;
  return Math.max(...counts);
}

/** Numbers pairs of a tuple and a code in order of appearance. */
class TupleJoiner {
  private readonly numbers = new Uint16Array(mostTuples * mostTuples);
  private readonly known = new Int32Array(mostTuples);

  constructor(private readonly rows: number) {}

  /** Extends the bundle's tuples by a column, unless there would be more than `limit` of them. */
  join(bundle: OpenBundle, codes: Uint8Array, count: number, limit: number): boolean {
    if (bundle.count >= limit) return false;
    const { tuples } = bundle;
    const found = this.number(tuples, codes, count, limit);
    if (found <= limit) {
      for (let row = 0; row < this.rows; row++) {
        tuples[row] = this.numbers[tuples[row] * count + codes[row]] - 1;
      }
      bundle.count = found;
    }
    for (let i = 0; i < Math.min(found, limit); i++) this.numbers[this.known[i]] = 0;
    return found <= limit;
  }

  /** How many pairs there are; it stops counting above the limit. */
  private number(tuples: Uint8Array, codes: Uint8Array, count: number, limit: number): number {
    let found = 0;
    for (let row = 0; row < this.rows; row++) {
      const pair = tuples[row] * count + codes[row];
      if (this.numbers[pair] > 0) continue;
      if (found === limit) return limit + 1;
      this.known[found] = pair;
      this.numbers[pair] = ++found;
    }
    return found;
  }
}

function pack(bins: Bins, open: readonly OpenBundle[]): Bundles {
  const { rows } = bins;
  const starts = Int32Array.from({ length: open.length + 1 }, (_, i) =>
    open.slice(0, i).reduce((sum, bundle) => sum + bundle.count, 0),
  );
  const features = open.flatMap(({ columns, tuples, count }, bundle) =>
    columns.map((column) => bundledFeature(bins, column, bundle, tuples, count, columns.length === 1)),
  );
  const tuples = open.map((bundle) => bundle.tuples);
  return { rows, features: features.sort((a, b) => a.column - b.column), starts, tuples };
}

function bundledFeature(
  bins: Bins,
  column: number,
  bundle: number,
  tuples: Uint8Array,
  count: number,
  alone: boolean,
): BundledFeature {
  const values = bins.counts[column];
  const codes = new Uint8Array(count);
  const found = alone ? tuples : compactCodes(bins, column);
  for (let row = 0; row < bins.rows; row++) codes[tuples[row]] = found[row];
  const tuplesOf = new Int32Array(mostTuples);
  for (const code of codes) tuplesOf[code]++;
  const usual = tuplesOf.indexOf(Math.max(...tuplesOf));
  const unusual = Uint8Array.from(codes.keys()).filter((tuple) => codes[tuple] !== usual);
  return {
    column,
    bundle,
    values,
    hasMissing: codes.includes(values),
    isCategorical: bins.categories[column] !== undefined,
    codes,
    alone,
    usual,
    unusual,
  };
}
