import type { TaskContext } from '../../compute/compute.service.js';
import { Matrix } from '../../ml/matrix.js';
import type { ModelBundle } from '../../registry/bundle/bundle.js';
import { singleRowLatencies } from '../../registry/bundle/latency.js';
import { ScoringModel } from '../../registry/bundle/scoring-model.js';

/** Median time of scoring one row alone, in milliseconds, in this process. */
export default function latency({ bundle }: { readonly bundle: ModelBundle }, _: TaskContext): number {
  const rows = bundle.selfTest.rows.map((row) => Matrix.fromRows([row.map((value) => value ?? NaN)]));
  return singleRowLatencies([ScoringModel.from(bundle)], rows)[0];
}
