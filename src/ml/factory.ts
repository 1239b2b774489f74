import { AdaBoost, AdaBoostModel } from './ada-boost.js';
import { DecisionTree } from './decision-tree.js';
import { ExtraTrees } from './extra-trees.js';
import { ForestModel } from './forest/forest-model.js';
import { GradientBoosting, GradientBoostingModel } from './gradient-boosting.js';
import { KNearestNeighbors, KNearestNeighborsModel } from './k-nearest-neighbors.js';
import {
  checkStateParts,
  type Learner,
  type LearnerName,
  learnerNames,
  type LearnerOptions,
  type Model,
  type ModelState,
  ModelStateError,
} from './learner.js';
import { LogisticRegression, LogisticRegressionModel } from './logistic-regression.js';
import { MlRandomForest, MlRandomForestModel } from './ml-random-forest.js';
import { RandomForest } from './random-forest.js';
import { TextBoosting, TextBoostingModel } from './text/text-boosting.js';

interface LearnerKind {
  readonly create: (options: LearnerOptions) => Learner;
  readonly load: (state: ModelState) => Model;
}

const kinds: Readonly<Record<LearnerName, LearnerKind>> = {
  'random-forest': {
    create: (options) => new RandomForest(options),
    load: (state) => ForestModel.fromState(state),
  },
  'extra-trees': {
    create: (options) => new ExtraTrees(options),
    load: (state) => ForestModel.fromState(state),
  },
  'decision-tree': {
    create: (options) => new DecisionTree(options),
    load: (state) => ForestModel.fromState(state),
  },
  'ada-boost': {
    create: (options) => new AdaBoost(options),
    load: (state) => AdaBoostModel.fromState(state),
  },
  'gradient-boosting': {
    create: (options) => new GradientBoosting(options),
    load: (state) => GradientBoostingModel.fromState(state),
  },
  'logistic-regression': {
    create: (options) => new LogisticRegression(options),
    load: (state) => LogisticRegressionModel.fromState(state),
  },
  'k-nearest-neighbors': {
    create: (options) => new KNearestNeighbors(options),
    load: (state) => KNearestNeighborsModel.fromState(state),
  },
  'ml-random-forest': {
    create: (options) => new MlRandomForest(options),
    load: (state) => MlRandomForestModel.fromState(state),
  },
  'text-boosting': {
    create: (options) => new TextBoosting(options),
    load: (state) => TextBoostingModel.fromState(state),
  },
};

/** @throws RangeError on an unknown learner or option, or a bad value, saying what is allowed */
export function createLearner(name: LearnerName, options: LearnerOptions = {}): Learner {
  if (!Object.hasOwn(kinds, name)) {
    throw new RangeError(`there is no learner ${JSON.stringify(name)}; there are ${learnerNames.join(', ')}`);
  }
  return kinds[name].create(options);
}

/** The model that `toState` took apart. @throws ModelStateError on anything that no `toState` returns */
export function loadModel(state: ModelState): Model {
  checkStateParts(state);
  if (!Object.hasOwn(kinds, state.learner)) {
    throw new ModelStateError(`there is no learner ${JSON.stringify(state.learner)}`);
  }
  return kinds[state.learner].load(state);
}
