import type { TaskContext } from '../compute/compute.service.js';
import type { Contract } from '../detector/contract.js';
import type { Snapshot } from '../detector/dataset.js';
import { featureSpecs } from '../detector/feature-specs.js';
import { Matrix } from '../ml/matrix.js';
import { groupedFolds, groupsOf } from '../ml/splits.js';
import { stableHoldout } from '../ml/stable-holdout.js';
import { fitPreprocessor, type PreprocessorState } from './preprocessor.js';

export interface TransformationInput {
  readonly contract: Contract;
  readonly snapshot: Snapshot;
  /** Names of the candidates whose preprocessors are fitted. */
  readonly candidates: readonly string[];
  readonly seed: number;
}

/** The rows' places in the splits, and each candidate's preprocessor fitted on the training part. */
export interface Transformation {
  /** Rows of the snapshot. */
  readonly train: Int32Array;
  readonly test: Int32Array;
  /** The group of each row of the snapshot. */
  readonly groups: Int32Array;
  /** Places in `train`, one list a fold: the part that the fold is measured on. */
  readonly folds: readonly Int32Array[];
  readonly preprocessors: Readonly<Record<string, PreprocessorState>>;
}

/** Splits a snapshot by groups and fits the preprocessors on the training part alone. */
export default function transform(input: TransformationInput, { onProgress }: TaskContext): Transformation {
  const { contract, snapshot, candidates, seed } = input;
  const x = new Matrix(snapshot.x.rows, snapshot.x.columns, snapshot.x.data);
  const keys = groupKeys(contract, x);
  const groups = groupsOf(keys);
  const { train, test } = stableHoldout(keys, { share: contract.split.test, seed: contract.split.seed });

  const y = Uint8Array.from(train, (i) => snapshot.y[i]);
  const folds = groupedFolds(
    y,
    train.map((i) => groups[i]),
    { folds: contract.split.folds, seed: contract.split.seed },
  );

  const features = featureSpecs(contract);
  const xTrain = x.take(train);
  const preprocessors: Record<string, PreprocessorState> = {};
  candidates.forEach((name, i) => {
    const { imputer, encoder } = contract.candidates.find((candidate) => candidate.name === name)!;
    preprocessors[name] = fitPreprocessor(features, xTrain, { imputer, encoder, seed }).toState();
    onProgress(i + 1, candidates.length);
  });
  return { train, test, groups, folds, preprocessors };
}

/** The columns of the contract's group key. */
function groupKeys(contract: Contract, x: Matrix): Matrix {
  if (contract.group === 'features') return x;
  const keys = new Matrix(x.rows, contract.group.length);
  contract.group.forEach((name, k) => {
    const j = contract.features.findIndex((feature) => feature.name === name);
    keys.column(k).set(x.column(j));
  });
  return keys;
}
