import type { TaskContext } from '../../compute/compute.service.js';
import type { Snapshot } from '../../detector/dataset.js';
import { pairedBootstrap, type PairedDifference } from '../../ml/bootstrap.js';
import { Matrix } from '../../ml/matrix.js';
import type { MetricName } from '../../ml/metrics.js';
import type { ModelBundle } from '../../registry/bundle/bundle.js';
import { ScoringModel } from '../../registry/bundle/scoring-model.js';

export interface ComparisonInput {
  readonly snapshot: Snapshot;
  /** Rows of the snapshot that neither model has learned from. */
  readonly test: Int32Array;
  /** The group of each row of the snapshot. */
  readonly groups: Int32Array;
  readonly challenger: ModelBundle;
  readonly champion: ModelBundle;
  readonly metric: MetricName;
  readonly seed: number;
}

/** Challenger minus champion on the same test rows, with a 95 % paired bootstrap interval by group; null where the metric has no value. */
export default function compare(input: ComparisonInput, _: TaskContext): PairedDifference | null {
  const { snapshot, test, groups, challenger, champion, metric, seed } = input;
  const x = new Matrix(snapshot.x.rows, snapshot.x.columns, snapshot.x.data).take(test);
  const y = Uint8Array.from(test, (i) => snapshot.y[i]);
  return pairedBootstrap(
    y,
    ScoringModel.from(challenger).score(x),
    ScoringModel.from(champion).score(x),
    test.map((i) => groups[i]),
    challenger.thresholds.suspicious,
    champion.thresholds.suspicious,
    { metric, seed },
  );
}
