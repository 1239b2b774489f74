import { fitForest, type ForestOptions, readForestOptions } from './forest/fit.js';
import type { ForestModel } from './forest/forest-model.js';
import type { FitContext, Learner, LearnerOptions } from './learner.js';
import type { Matrix } from './matrix.js';

/**
 * Extremely randomized trees (Geurts, Ernst and Wehenkel 2006), with scikit-learn's `ExtraTreesClassifier`
 * options and semantics: the random forest with one random threshold for each feature tried, uniform between
 * the node's least and largest value of it, and by default without bootstrap.
 *
 * Rows within a bin stay together: a threshold that falls into the range of a bin puts it on the side of its
 * middle. Columns of at most `maxBins` distinct values have a bin a value, so nothing of this shows there. A
 * missing value goes to the side that suits the drawn threshold best, as in the random forest (scikit-learn
 * tosses a coin here). Of categories a random subset of those in the node goes left, as the paper has it: a random
 * cut in the order of their shares of threats would favour them over numbers, whose cuts know no labels.
 */
export class ExtraTrees implements Learner {
  readonly name = 'extra-trees';
  readonly options: ForestOptions;

  /** @throws RangeError on an unknown option or a bad value */
  constructor(options: LearnerOptions = {}) {
    this.options = readForestOptions(this.name, options, false);
  }

  /** Also @throws RangeError when `maxSamples` is above the number of rows. */
  fit(x: Matrix, y: Uint8Array, context: FitContext): ForestModel {
    return fitForest(this.name, { ...this.options, splitter: 'random' }, x, y, context);
  }
}
