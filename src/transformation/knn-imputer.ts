import KNN from 'ml-knn';
import type { FeatureSpec } from '../detector/feature-specs.js';
import type { Matrix } from '../ml/matrix.js';
import { Random } from '../ml/random.js';
import type { Imputer } from './fill-imputer.js';

/** scikit-learn's KNNImputer looks at as many. */
const neighbours = 5;
/** ml-knn visits every point for every row: more of them would cost time and hardly change a vote of five. */
export const maxReferenceRows = 1000;
/** A column with no more distinct values than this is voted on; the neighbours of others are averaged. */
const maxVotedValues = 20;
/** Trees kept for the next rows, each of some hundred kilobytes. */
const maxTrees = 32;

/**
 * Fills a missing cell from the 5 nearest training rows, by the columns that its row does have: categories and
 * columns of few values by their vote, others by their mean, rounded for whole numbers.
 *
 * Distance is heterogeneous Euclidean-overlap (Wilson and Martinez 1997): 0 or 1 for categories, else the difference
 * as a share of the column's range. A row without any value is filled like `median`. About a millisecond a row.
 */
export class KnnImputer implements Imputer {
  private readonly ranges: readonly number[];
  private readonly voted: readonly boolean[];
  private readonly trees = new Map<string, KNN>();

  constructor(
    private readonly features: readonly FeatureSpec[],
    private readonly rows: readonly (readonly number[])[],
    private readonly whenNothingIsKnown: Imputer,
  ) {
    const columns = features.map((_, j) => rows.map((row) => row[j]));
    this.ranges = columns.map((column) => Math.max(...column) - Math.min(...column) || 1);
    this.voted = columns.map(
      (column, j) => features[j].values !== undefined || new Set(column).size <= maxVotedValues,
    );
  }

  /**
   * At most 1,000 training rows drawn from those without gaps; where fewer than 5 are so, from all, filled by
   * `filler`.
   */
  static drawRows(x: Matrix, filler: Imputer, seed: number): number[][] {
    const all = Array.from({ length: x.rows }, (_, i) => i);
    const complete = all.filter((i) => !x.row(i).some(Number.isNaN));
    const drawn = new Random(seed)
      .shuffle(complete.length >= neighbours ? complete : all)
      .slice(0, maxReferenceRows);
    const rows = filler.impute(x.take(drawn));
    return drawn.map((_, i) => Array.from(rows.row(i), (value) => value + 0)); // JSON has no -0
  }

  impute(x: Matrix): Matrix {
    const out = this.whenNothingIsKnown.impute(x);
    for (const { missing, rows } of missingPatterns(x)) {
      const observed = this.features.map((_, j) => j).filter((j) => !missing.includes(j));
      if (observed.length === 0) continue;
      const tree = this.treeOver(observed);
      for (const i of rows) {
        const nearest = tree.kdTree
          .nearest(
            observed.map((j) => x.at(i, j)),
            neighbours,
          )
          .sort(([, a], [, b]) => a - b)
          .map(([point]) => this.rows[point[observed.length]]);
        for (const j of missing) out.column(j)[i] = this.valueFrom(nearest, j);
      }
    }
    return out;
  }

  /** `nearest` in rising order of distance. */
  private valueFrom(nearest: readonly (readonly number[])[], column: number): number {
    const values = nearest.map((row) => row[column]);
    if (this.voted[column]) return vote(values);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return this.features[column].type === 'integer' ? Math.round(mean) : mean;
  }

  /** The reference rows by their `observed` columns, each labelled with its place. */
  private treeOver(observed: readonly number[]): KNN {
    const key = observed.join();
    let tree = this.trees.get(key);
    if (!tree) {
      if (this.trees.size === maxTrees) this.trees.clear();
      tree = new KNN(
        this.rows.map((row) => observed.map((j) => row[j])),
        this.rows.map((_, i) => i),
        { distance: this.distanceOver(observed) },
      );
      this.trees.set(key, tree);
    }
    return tree;
  }

  /**
   * Squared, as only the order counts. ml-knn also asks for distances of objects without a length to bound its
   * search; the loop answers 0, as its own Euclidean distance does, so no branch is cut off: its bound would be wrong,
   * since it takes the label for one more coordinate.
   */
  private distanceOver(observed: readonly number[]): (a: ArrayLike<number>, b: ArrayLike<number>) => number {
    const nominal = observed.map((j) => this.features[j].type === 'category');
    const ranges = observed.map((j) => this.ranges[j]);
    return (a, b) => {
      let sum = 0;
      for (let j = 0; j < a.length; j++) {
        const difference = nominal[j] ? Number(a[j] !== b[j]) : (a[j] - b[j]) / ranges[j];
        sum += difference * difference;
      }
      return sum;
    };
  }
}

/** The most frequent value; of equally frequent ones that of the nearest row. */
function vote(values: readonly number[]): number {
  const votes = new Map<number, number>();
  for (const value of values) votes.set(value, (votes.get(value) ?? 0) + 1);
  return [...votes].reduce((best, next) => (next[1] > best[1] ? next : best))[0];
}

/** Rows with gaps, grouped by the columns that they lack. */
function missingPatterns(x: Matrix): Iterable<{ missing: number[]; rows: number[] }> {
  const patterns = new Map<string, { missing: number[]; rows: number[] }>();
  const row = new Float64Array(x.columns);
  for (let i = 0; i < x.rows; i++) {
    const missing = Array.from(x.row(i, row).keys()).filter((j) => Number.isNaN(row[j]));
    if (missing.length === 0) continue;
    const key = missing.join();
    const known = patterns.get(key);
    if (known) known.rows.push(i);
    else patterns.set(key, { missing, rows: [i] });
  }
  return patterns.values();
}
