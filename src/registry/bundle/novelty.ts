import { IsolationForest, IsolationForestModel } from '../../ml/isolation-forest.js';
import { type Contributions, type FitContext, type ModelState, ModelStateError } from '../../ml/learner.js';
import type { Matrix } from '../../ml/matrix.js';

/** How unlike the rows of the training part a row is. */
export interface Novelty {
  /** The isolation forest's anomaly score, in (0, 1]; higher is stranger. */
  readonly score: number;
  /** Share of the rows it was fitted on that are less unusual, 0 to 1. */
  readonly quantile: number;
  /** Whether nothing like it was among them. */
  readonly isNew: boolean;
}

/** A fitted isolation forest with what the scores of the rows it learned from are like. */
export interface NoveltyState {
  readonly model: ModelState<'isolation-forest'>;
  /** How many rows it was fitted on. */
  readonly rows: number;
  /** Of their scores, one a level of `noveltyLevels`. */
  readonly quantiles: readonly number[];
}

export interface NoveltyOptions {
  readonly nEstimators: number;
  readonly maxSamples: number;
}

/** Fine at the upper end, where it is decided what is new. */
export const noveltyLevels: readonly number[] = [
  ...Array.from({ length: 100 }, (_, percent) => percent / 100),
  0.995,
  0.999,
  0.9995,
  0.9999,
  1,
];

/**
 * The level above which a row is new. One ordinary row in a thousand is above it too, few enough for people to look
 * at; further up the quantiles rest on a handful of rows of a training part of some ten thousand.
 */
export const newLevel = 0.999;

/** Says of rows whether their like was among those that a model learned from. */
export class NoveltyModel {
  private readonly limit: number;

  /** @param rows how many it was fitted on */
  private constructor(
    private readonly forest: IsolationForestModel,
    readonly rows: number,
    private readonly quantiles: readonly number[],
  ) {
    this.limit = quantiles[noveltyLevels.indexOf(newLevel)];
  }

  /**
   * @param x preprocessed rows, as the learner sees them; where there are fewer than `maxSamples`, each tree takes all
   * @throws RangeError on fewer than two rows or an infinite value
   */
  static fit(
    x: Matrix,
    { nEstimators, maxSamples }: NoveltyOptions,
    context: Pick<FitContext, 'seed' | 'onProgress'>,
  ): NoveltyModel {
    const learner = new IsolationForest({ nEstimators, maxSamples: Math.min(maxSamples, x.rows) });
    const forest = learner.fit(x, context);
    const sorted = forest.score(x).sort();
    const quantiles = noveltyLevels.map((level) => sorted[Math.round(level * (sorted.length - 1))]);
    return new NoveltyModel(forest, x.rows, quantiles);
  }

  /** @throws ModelStateError on what `toState` never wrote */
  static from({ model, rows, quantiles }: NoveltyState): NoveltyModel {
    const rising = quantiles.every((value, i) => value > 0 && value <= 1 && !(value < quantiles[i - 1]));
    if (quantiles.length !== noveltyLevels.length || !rising || !(Number.isSafeInteger(rows) && rows >= 2)) {
      throw new ModelStateError('the distribution of its novelty scores is none');
    }
    return new NoveltyModel(IsolationForestModel.fromState(model), rows, quantiles);
  }

  /** One a row of `x`, preprocessed. @throws RangeError on another number of columns */
  score(x: Matrix): Novelty[] {
    return Array.from(this.forest.score(x), (score) => ({
      score,
      quantile: this.quantileOf(score),
      isNew: score > this.limit,
    }));
  }

  /** Contributions to the binary logarithm of one preprocessed row's score; above 0 makes it unusual. */
  explain(row: Float64Array): Contributions {
    return this.forest.explain(row);
  }

  toState(): NoveltyState {
    return { model: this.forest.toState(), rows: this.rows, quantiles: this.quantiles };
  }

  /** The level at which the score would stand, in a straight line between the two that are known. */
  private quantileOf(score: number): number {
    const { quantiles } = this;
    let [low, high] = [0, quantiles.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (quantiles[middle] < score) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return 0;
    if (low === quantiles.length) return 1;
    const share = (score - quantiles[low - 1]) / (quantiles[low] - quantiles[low - 1]);
    return noveltyLevels[low - 1] + share * (noveltyLevels[low] - noveltyLevels[low - 1]);
  }
}
