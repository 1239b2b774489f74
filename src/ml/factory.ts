import { KNearestNeighbors, KNearestNeighborsModel } from './k-nearest-neighbors.js';
import {
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
import { RandomForest, RandomForestModel } from './random-forest.js';

interface LearnerKind {
  readonly create: (options: LearnerOptions) => Learner;
  readonly load: (state: ModelState) => Model;
}

const kinds: Readonly<Record<LearnerName, LearnerKind>> = {
  'random-forest': {
    create: (options) => new RandomForest(options),
    load: (state) => RandomForestModel.fromState(state),
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
  if ([state.meta, state.arrays].some((part: unknown) => typeof part !== 'object' || part === null)) {
    throw new ModelStateError('a model state is a learner, meta and arrays');
  }
  if (!Object.hasOwn(kinds, state.learner)) {
    throw new ModelStateError(`there is no learner ${JSON.stringify(state.learner)}`);
  }
  return kinds[state.learner].load(state);
}
