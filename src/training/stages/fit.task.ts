import type { TaskContext } from '../../compute/compute.service.js';
import type { Candidate, Contract } from '../../detector/contract.js';
import type { Snapshot } from '../../detector/dataset.js';
import { createLearner } from '../../ml/factory.js';
import type { ModelState } from '../../ml/learner.js';
import { alone } from '../../ml/parallel/team.js';
import { ThreadTeam } from '../../ml/parallel/thread-team.js';
import { fittingSet } from '../../transformation/fitting-set.js';
import { loadPreprocessor, type PreprocessorState } from '../../transformation/preprocessor.js';
import type { SnapshotSplit } from '../../transformation/split-snapshot.js';

export interface FitInput {
  readonly contract: Contract;
  readonly snapshot: Snapshot;
  readonly split: SnapshotSplit;
  readonly candidate: Candidate;
  readonly preprocessor: PreprocessorState;
  readonly seed: number;
  /** Threads that may work on the fit; the model is the same whatever their number. */
  readonly threads: number;
}

export interface FitResult {
  readonly model: ModelState;
  readonly fitMs: number;
}

/** Fits the chosen candidate on the whole training part. */
export default function fit(input: FitInput, { onProgress }: TaskContext): FitResult {
  const { contract, snapshot, split, candidate, seed, threads } = input;
  const { x, y, groups, sampleWeight } = fittingSet(contract, snapshot, split, split.train);
  const preprocessor = loadPreprocessor(input.preprocessor);
  const encoded = preprocessor.transform(x);
  const helpers = threads > 1 ? new ThreadTeam(threads) : null;
  const team = helpers ?? alone;
  const start = performance.now();
  try {
    const learner = createLearner(candidate.learner, candidate.options);
    const { categorical } = preprocessor;
    const model = learner.fit(encoded, y, { seed, groups, sampleWeight, categorical, team, onProgress });
    return { model: model.toState(), fitMs: performance.now() - start };
  } finally {
    void helpers?.close();
  }
}
