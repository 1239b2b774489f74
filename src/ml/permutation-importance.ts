import { Matrix } from './matrix.js';
import { lowerIsBetter, measure, type MetricName } from './metrics.js';
import { deriveSeed, Random } from './random.js';

export interface ImportanceOptions {
  readonly metric: MetricName;
  /** For metrics that need one; 0.5 by default. */
  readonly threshold?: number;
  /** Shuffles of each feature; 5 by default. */
  readonly repeats?: number;
  /** Rows used, drawn without replacement from more; all by default. */
  readonly maxRows?: number;
  readonly seed: number;
  /** The columns of each feature, shuffled together; each column is a feature of its own by default. */
  readonly features?: readonly (readonly number[])[];
  /** Called between features. Throwing from it stops the work. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** What the metric loses when a feature's values are shuffled. */
export interface Importance {
  /** Over the shuffles; positive where the model is worse off, whichever way the metric improves. */
  readonly mean: number;
  /** Standard deviation over the shuffles (numpy's: divided by their number). */
  readonly std: number;
}

/**
 * Permutation importance (Breiman 2001) as scikit-learn's `permutation_importance` has it: the metric on the rows as
 * they are minus the metric with one feature's values shuffled between the rows, one result a feature. It tells what
 * the model relies on, not what the data could tell: of two features that say the same, both can look idle.
 *
 * Only rows whose values change are predicted again, so `predict` must treat each row by itself.
 *
 * @param predict probability of threat, one a row
 * @param x rows x columns that the model was not fitted on
 * @returns a result a feature, one more at the end where a sparse table stands beside the matrix: what its rows mean
 * together. `null` where the metric has no value on these rows
 * @throws RangeError on unequal lengths, no rows, or options that are no counts
 */
export function permutationImportance(
  predict: (x: Matrix) => Float64Array,
  x: Matrix,
  y: Uint8Array,
  options: ImportanceOptions,
): Importance[] | null {
  const { metric, threshold = 0.5, repeats = 5, maxRows = x.rows, seed, onProgress } = options;
  if (y.length !== x.rows) throw new RangeError(`${y.length} labels for ${x.rows} rows`);
  for (const [name, count] of Object.entries({ rows: x.rows, repeats, maxRows }))
    if (!Number.isInteger(count) || count < 1) throw new RangeError(`${name} ${count} is not >= 1`);

  const drawn = drawRows(x.rows, maxRows, seed);
  const rows = x.take(drawn);
  const labels = Uint8Array.from(drawn, (i) => y[i]);
  const probabilities = predict(rows);
  const sign = lowerIsBetter.has(metric) ? -1 : 1;
  const scoreOf = (p: Float64Array): number | null => measure(metric, labels, p, threshold);
  const baseline = scoreOf(probabilities);
  if (baseline === null) return null;

  const features = options.features ?? Array.from({ length: x.columns }, (_, j) => [j]);
  const shuffles: ((order: Int32Array) => Float64Array)[] = features.map(
    (columns) => (order) => predictShuffled(predict, rows, probabilities, columns, order),
  );
  const { sparse, ...dense } = rows;
  if (sparse) {
    shuffles.push((order) => predict(new Matrix(dense.rows, dense.columns, dense.data, sparse.take(order))));
  }
  return shuffles.map((shuffled, f) => {
    const random = new Random(deriveSeed(seed, f));
    const losses = Array.from({ length: repeats }, () => {
      const order = random.shuffle(Int32Array.from(labels.keys()));
      // The labels are the same rows', so the metric has a value here as well.
      return sign * (baseline - scoreOf(shuffled(order))!);
    });
    onProgress?.(f + 1, shuffles.length);
    return meanAndDeviation(losses);
  });
}

/** Row indices, rising: all of them, or `limit` drawn at random. */
function drawRows(rows: number, limit: number, seed: number): Int32Array {
  const indices = Int32Array.from({ length: rows }, (_, i) => i);
  return rows <= limit ? indices : new Random(seed).shuffle(indices).slice(0, limit).sort();
}

/** The probabilities where row i has the values that row `order[i]` had in `columns`. */
function predictShuffled(
  predict: (x: Matrix) => Float64Array,
  x: Matrix,
  probabilities: Float64Array,
  columns: readonly number[],
  order: Int32Array,
): Float64Array {
  const changed = Int32Array.from(order.keys()).filter((i) =>
    columns.some((j) => !Object.is(x.at(i, j), x.at(order[i], j))),
  );
  if (changed.length === 0) return probabilities;
  const shuffled = x.take(changed);
  for (const j of columns) {
    const column = shuffled.column(j);
    changed.forEach((i, place) => (column[place] = x.at(order[i], j)));
  }
  const predicted = predict(shuffled);
  const all = probabilities.slice();
  changed.forEach((i, place) => (all[i] = predicted[place]));
  return all;
}

function meanAndDeviation(values: readonly number[]): Importance {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, std: Math.sqrt(variance) };
}
