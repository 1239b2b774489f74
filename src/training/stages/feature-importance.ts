import type { Contract } from '../../detector/contract.js';
import type { LearnerName } from '../../ml/learner.js';
import type { Matrix } from '../../ml/matrix.js';
import { permutationImportance } from '../../ml/permutation-importance.js';
import type { FeatureImportanceDto } from '../../runs/evaluation.dto.js';
import type { ScoringModel } from '../../registry/bundle/scoring-model.js';

/** What the selection metric loses when a feature's values are shuffled, over the shuffles. */
export interface ImportanceContext {
  /** Of the model that scores. */
  readonly learner: LearnerName;
  readonly seed: number;
  readonly onProgress: (done: number, total: number) => void;
}

const repeats = 5;

/** Predictions that may be spent: less than a second of a large ensemble's time. */
const budget = 100_000;

/**
 * Permutation importance of the contract's features for its selection metric, greatest first; empty where the metric
 * has no value on these rows. The features themselves are shuffled, before encoding, so columns that come from one
 * stay together. N-grams beside them count as one. `x` and `y` are the test part; at most 2,000 of its rows are used, fewer (200 at least) with more than
 * 10 features, and 200 with neighbours, who predict a hundred times slower than the rest.
 */
export function featureImportance(
  { features, selection }: Contract,
  scorer: ScoringModel,
  x: Matrix,
  y: Uint8Array,
  { learner, seed, onProgress }: ImportanceContext,
): FeatureImportanceDto[] {
  const affordable = learner === 'k-nearest-neighbors' ? 0 : Math.floor(budget / (features.length * repeats));
  const found = permutationImportance((rows) => scorer.score(rows), x, y, {
    metric: selection,
    threshold: scorer.thresholds.suspicious,
    repeats,
    maxRows: Math.min(2000, Math.max(200, affordable)),
    seed,
    onProgress,
  });
  return (found ?? [])
    .map((importance, j) => ({ feature: features[j]?.name ?? 'n-grams', ...importance }))
    .sort((a, b) => b.mean - a.mean);
}
