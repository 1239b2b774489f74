import type { TaskContext } from '../../compute/compute.service.js';
import type { ModelBundle } from '../../registry/bundle/bundle.js';
import { singleRowLatencies } from '../../registry/bundle/latency.js';
import { ScoringModel, selfTestRows } from '../../registry/bundle/scoring-model.js';

/** Median time of scoring one row alone, in milliseconds, in this process. */
export default function latency({ bundle }: { readonly bundle: ModelBundle }, _: TaskContext): number {
  const x = selfTestRows(bundle.selfTest, bundle.contract.features.length);
  const rows = bundle.selfTest.rows.map((_row, i) => x.take([i]));
  return singleRowLatencies([ScoringModel.from(bundle)], rows)[0];
}
