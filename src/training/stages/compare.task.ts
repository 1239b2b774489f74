import type { TaskContext } from '../../compute/compute.service.js';
import type { Snapshot } from '../../detector/dataset.js';
import { pairedBootstrap, type PairedDifference } from '../../ml/bootstrap.js';
import { Matrix } from '../../ml/matrix.js';
import { measure, type MetricName } from '../../ml/metrics.js';
import type { ModelBundle } from '../../registry/bundle/bundle.js';
import { ScoringModel } from '../../registry/bundle/scoring-model.js';
import type { Slice } from '../../transformation/slices.js';

export interface ComparisonInput {
  readonly snapshot: Pick<Snapshot, 'x' | 'y'>;
  /** Rows of the snapshot that neither model has learned from. */
  readonly test: Int32Array;
  /** The group of each row of the snapshot. */
  readonly groups: Int32Array;
  /** Parts of the test rows. */
  readonly slices: readonly Slice[];
  readonly challenger: ModelBundle;
  readonly champion: ModelBundle;
  readonly metric: MetricName;
  readonly seed: number;
}

/** Challenger and champion on one slice. */
export interface SliceComparison {
  readonly by: string;
  readonly value: string;
  readonly rows: number;
  /** The comparison's metric; accuracy where that has no value, as on rows of one class alone. */
  readonly metric: MetricName;
  readonly challenger: number;
  readonly champion: number;
}

export interface Comparison {
  /** Challenger minus champion with a 95 % paired bootstrap interval by group; null where the metric has no value. */
  readonly overall: PairedDifference | null;
  readonly slices: readonly SliceComparison[];
}

/** Challenger and champion on the same test rows. */
export default function compare(input: ComparisonInput, _: TaskContext): Comparison {
  const { snapshot, test, groups, challenger, champion, metric, seed } = input;
  const x = Matrix.of(snapshot.x).take(test);
  const labels = Uint8Array.from(test, (i) => snapshot.y[i]);
  const [a, b] = [challenger, champion].map((bundle) => ({
    p: ScoringModel.from(bundle).score(x),
    threshold: bundle.thresholds.suspicious,
  }));
  const places = new Map(Array.from(test, (row, place) => [row, place]));
  const slices = input.slices.map(({ by, value, rows }): SliceComparison => {
    const at = Array.from(rows, (row) => places.get(row)!);
    const y = Uint8Array.from(at, (place) => labels[place]);
    const on = ({ p, threshold }: Scored, name: MetricName): number | null =>
      measure(
        name,
        y,
        Float64Array.from(at, (place) => p[place]),
        threshold,
      );
    const used = on(a, metric) === null ? 'accuracy' : metric;
    return {
      ...{ by, value, rows: rows.length, metric: used },
      challenger: on(a, used)!,
      champion: on(b, used)!,
    };
  });
  const overall = pairedBootstrap(
    labels,
    a.p,
    b.p,
    test.map((i) => groups[i]),
    a.threshold,
    b.threshold,
    { metric, seed },
  );
  return { overall, slices };
}

interface Scored {
  readonly p: Float64Array;
  readonly threshold: number;
}
