import type { TaskContext } from '../../compute/compute.service.js';
import type { Snapshot } from '../../detector/dataset.js';
import { Matrix } from '../../ml/matrix.js';
import { NoveltyModel, type NoveltyOptions, type NoveltyState } from '../../registry/bundle/novelty.js';
import { loadPreprocessor, type PreprocessorState } from '../../transformation/preprocessor.js';

export interface NoveltyInput {
  readonly options: NoveltyOptions;
  readonly snapshot: Snapshot;
  /** Rows of the training part. */
  readonly train: Int32Array;
  readonly preprocessor: PreprocessorState;
  readonly seed: number;
}

/** Learns what the training part's own rows are like, of either class; nothing that was made up is among them. */
export default function fitNovelty(input: NoveltyInput, { onProgress }: TaskContext): NoveltyState {
  const { options, snapshot, train, preprocessor, seed } = input;
  const x = loadPreprocessor(preprocessor).transform(Matrix.of(snapshot.x).take(train));
  return NoveltyModel.fit(x, options, { seed, onProgress }).toState();
}
