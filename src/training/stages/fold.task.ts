import type { TaskContext } from '../../compute/compute.service.js';
import type { Candidate, Contract } from '../../detector/contract.js';
import type { Snapshot } from '../../detector/dataset.js';
import { featureSpecs } from '../../detector/feature-specs.js';
import { createLearner } from '../../ml/factory.js';
import { Matrix } from '../../ml/matrix.js';
import { evaluate, type Metrics } from '../../ml/metrics.js';
import { groupedHoldout } from '../../ml/splits.js';
import { fittingSet } from '../../transformation/fitting-set.js';
import { fitPreprocessor } from '../../transformation/preprocessor.js';

export interface FoldInput {
  readonly contract: Contract;
  readonly snapshot: Snapshot;
  /** Rows of the snapshot that the fold is fitted on. */
  readonly fitRows: Int32Array;
  /** Rows of the snapshot that it is measured on. */
  readonly heldOut: Int32Array;
  /** The group of each row of the snapshot. */
  readonly groups: Int32Array;
  /** The group of each row of its supplement. */
  readonly supplementGroups?: Int32Array;
  /** Where a part of `fitRows` is enough: how large a share, in whole groups. */
  readonly share?: number;
  readonly candidate: Candidate;
  readonly seed: number;
}

export interface FoldResult {
  /** Uncalibrated probability of each held-out row. */
  readonly probabilities: Float64Array;
  /** At a threshold of 0.5. */
  readonly metrics: Metrics;
  readonly fitMs: number;
}

/** Fits one candidate, preprocessor included, on all folds but one and measures it on that one. */
export default function fitFold(input: FoldInput, { onProgress }: TaskContext): FoldResult {
  const { contract, snapshot, candidate, seed } = input;
  const x = Matrix.of(snapshot.x);
  const labelsOf = (rows: Int32Array): Uint8Array => Uint8Array.from(rows, (i) => snapshot.y[i]);
  const { imputer, encoder } = candidate;

  const { y, groups, sampleWeight, ...set } = fittingSet(contract, snapshot, input, sampleRows(input));
  const preprocessor = fitPreprocessor(featureSpecs(contract), set.x, { imputer, encoder, seed });
  const encoded = preprocessor.transform(set.x);
  const start = performance.now();
  const model = createLearner(candidate.learner, candidate.options).fit(encoded, y, {
    seed,
    groups,
    sampleWeight,
    categorical: preprocessor.categorical,
    onProgress,
  });
  const fitMs = performance.now() - start;

  const probabilities = model.predict(preprocessor.transform(x.take(input.heldOut)));
  return { probabilities, metrics: evaluate(labelsOf(input.heldOut), probabilities, 0.5), fitMs };
}

/** The rows to fit on. @throws RangeError where the groups are too few to take a share of them */
function sampleRows({ snapshot, fitRows, share, groups, seed }: FoldInput): Int32Array {
  if (share === undefined) return fitRows;
  const y = Uint8Array.from(fitRows, (row) => snapshot.y[row]);
  const groupsOfRows = fitRows.map((row) => groups[row]);
  return groupedHoldout(y, groupsOfRows, { testShare: share, seed }).test.map((place) => fitRows[place]);
}
