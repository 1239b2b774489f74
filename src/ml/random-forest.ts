import { fitForest, type ForestOptions, readForestOptions } from './forest/fit.js';
import type { ForestModel } from './forest/forest-model.js';
import type { FitContext, Learner, LearnerOptions } from './learner.js';
import type { Matrix } from './matrix.js';

/**
 * Random forest (Breiman 2001) of CART trees over binned features, with scikit-learn's
 * `RandomForestClassifier` options and semantics: bootstrap, features drawn at each node, the probability is
 * the mean of the leaves' shares. Whole numbers of `maxFeatures` and `maxSamples` are counts, others shares.
 *
 * Missing values go to the side where they lower the impurity most, and where the node saw none, to the
 * heavier side. Categories are cut in the order of their share of threats in the node, which finds the best of all
 * subsets; those that the node never saw go with the missing values.
 */
export class RandomForest implements Learner {
  readonly name = 'random-forest';
  readonly options: ForestOptions;

  /** @throws RangeError on an unknown option or a bad value */
  constructor(options: LearnerOptions = {}) {
    this.options = readForestOptions(this.name, options, true);
  }

  /** Also @throws RangeError when `maxSamples` is above the number of rows. */
  fit(x: Matrix, y: Uint8Array, context: FitContext): ForestModel {
    return fitForest(this.name, { ...this.options, splitter: 'best' }, x, y, context);
  }
}
