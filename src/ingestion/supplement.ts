import type { Contract } from '../detector/contract.js';
import type { Snapshot, Supplement } from '../detector/dataset.js';
import { groupKeyOf } from '../detector/group-keys.js';
import { madeSources } from '../detector/kind.js';
import { kindOf } from '../detector/kinds.js';
import type { Value } from '../detector/tabular/cells.js';

/** What the contract has learners fitted on beside a snapshot's records. */
export async function supplementOf(
  contract: Contract,
  records: readonly { readonly values?: readonly Value[]; readonly label: 0 | 1 }[],
  sources: NonNullable<Snapshot['sources']>,
): Promise<Supplement> {
  const kind = kindOf(contract);
  const rows = await kind.supplement!(
    records.map(({ values, label }, i) => ({ values: values!, label, source: sources.rows[i] })),
  );
  const featurizer = kind.featurizer();
  for (const { values } of rows) featurizer.add(values);
  return {
    x: await featurizer.finish({ shared: true }),
    y: Uint8Array.from(rows, ({ label }) => label),
    groupKeys: Float64Array.from(rows, ({ values }) => groupKeyOf(contract, String(values[0]))),
    sources: Int32Array.from(rows, ({ source }) =>
      typeof source === 'number' ? source : sources.names.length + madeSources.indexOf(source),
    ),
  };
}
