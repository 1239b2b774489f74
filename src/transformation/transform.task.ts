import type { TaskContext } from '../compute/compute.service.js';
import type { Contract } from '../detector/contract.js';
import type { Snapshot } from '../detector/dataset.js';
import { featureSpecs } from '../detector/feature-specs.js';
import { fittingSet } from './fitting-set.js';
import { fitPreprocessor, type PreprocessorState } from './preprocessor.js';
import { type SnapshotSplit, splitSnapshot } from './split-snapshot.js';

export interface TransformationInput {
  readonly contract: Contract;
  readonly snapshot: Snapshot;
  /** Names of the candidates whose preprocessors are fitted. */
  readonly candidates: readonly string[];
  readonly seed: number;
}

/** The rows' places in the splits, and each candidate's preprocessor fitted on the training part. */
export interface Transformation extends SnapshotSplit {
  readonly preprocessors: Readonly<Record<string, PreprocessorState>>;
}

/** Splits a snapshot by groups and fits the preprocessors on the training part alone. */
export default function transform(input: TransformationInput, { onProgress }: TaskContext): Transformation {
  const { contract, snapshot, candidates, seed } = input;
  const split = splitSnapshot(contract, snapshot);

  const features = featureSpecs(contract);
  const { x } = fittingSet(contract, snapshot, split, split.train);
  const preprocessors: Record<string, PreprocessorState> = {};
  candidates.forEach((name, i) => {
    const { imputer, encoder } = contract.candidates.find((candidate) => candidate.name === name)!;
    preprocessors[name] = fitPreprocessor(features, x, { imputer, encoder, seed }).toState();
    onProgress(i + 1, candidates.length);
  });
  return { ...split, preprocessors };
}
