import type { TaskContext } from '../../compute/compute.service.js';
import type { Candidate } from '../../detector/contract.js';
import type { Snapshot } from '../../detector/dataset.js';
import { createLearner } from '../../ml/factory.js';
import type { ModelState } from '../../ml/learner.js';
import { Matrix } from '../../ml/matrix.js';
import { loadPreprocessor, type PreprocessorState } from '../../transformation/preprocessor.js';

export interface FitInput {
  readonly snapshot: Snapshot;
  readonly train: Int32Array;
  readonly candidate: Candidate;
  readonly preprocessor: PreprocessorState;
  readonly seed: number;
}

export interface FitResult {
  readonly model: ModelState;
  readonly fitMs: number;
}

/** Fits the chosen candidate on the whole training part. */
export default function fit(input: FitInput, { onProgress }: TaskContext): FitResult {
  const { snapshot, train, candidate, seed } = input;
  const x = new Matrix(snapshot.x.rows, snapshot.x.columns, snapshot.x.data).take(train);
  const y = Uint8Array.from(train, (i) => snapshot.y[i]);
  const encoded = loadPreprocessor(input.preprocessor).transform(x);
  const start = performance.now();
  const model = createLearner(candidate.learner, candidate.options).fit(encoded, y, { seed, onProgress });
  return { model: model.toState(), fitMs: performance.now() - start };
}
