import type { TaskContext } from '../../compute/compute.service.js';
import { Matrix } from '../../ml/matrix.js';
import type { ModelBundle } from '../../registry/bundle/bundle.js';
import { ScoringModel } from '../../registry/bundle/scoring-model.js';

/** Rows scored one by one; the first of them, which the compiler has not seen yet, are not counted. */
const timed = 101;
const warmUp = 50;

/** Median time of scoring one row alone, in milliseconds, in this process. */
export default function latency({ bundle }: { readonly bundle: ModelBundle }, _: TaskContext): number {
  const model = ScoringModel.from(bundle);
  const rows = bundle.selfTest.rows.map((row) => Matrix.fromRows([row.map((value) => value ?? NaN)]));
  const times = Array.from({ length: warmUp + timed }, (__, i) => {
    const start = performance.now();
    model.score(rows[i % rows.length]);
    return performance.now() - start;
  });
  return times.slice(warmUp).sort((a, b) => a - b)[(timed - 1) / 2];
}
