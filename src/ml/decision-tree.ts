import { fitForest, treeTable } from './forest/fit.js';
import type { ForestModel } from './forest/forest-model.js';
import type { FitContext, Learner, LearnerOptions } from './learner.js';
import type { Matrix } from './matrix.js';
import { oneOf, option, type OptionsOf, readOptions } from './options.js';

const table = {
  splitter: option<'best' | 'random'>('best', oneOf('best', 'random')),
  ...treeTable,
};

/**
 * One CART tree (Breiman, Friedman, Olshen and Stone 1984) on all rows, with scikit-learn's
 * `DecisionTreeClassifier` options and semantics but for pruning: the random forest's tree, and with
 * `splitter: 'random'` that of the extra-trees.
 */
export class DecisionTree implements Learner {
  readonly name = 'decision-tree';
  readonly options: OptionsOf<typeof table>;

  /** @throws RangeError on an unknown option or a bad value */
  constructor(options: LearnerOptions = {}) {
    this.options = readOptions(this.name, table, options);
  }

  fit(x: Matrix, y: Uint8Array, context: FitContext): ForestModel {
    const one = { nEstimators: 1, bootstrap: false, maxSamples: null };
    return fitForest(this.name, { ...this.options, ...one }, x, y, context);
  }
}
