import { type Contract, splitColumns } from '../detector/contract.js';
import { groupKeyOf, recordKeyOf } from '../detector/group-keys.js';
import { kindOf } from '../detector/kinds.js';
import type { BindingRules } from '../detector/tabular/columns.js';
import type { Matrix } from '../ml/matrix.js';
import { isFaulty, openContractRows } from './contract-rows.js';
import type { InputAccount } from './input-account.js';
import type { RowReader } from './readers/reader.js';

/** A whole input as numbers. */
export interface Table {
  /** One row a fitting row, one column a feature of the contract; NaN is missing. */
  readonly x: Matrix;
  /** 1 threat, 0 benign; all 0 where labels are ignored. */
  readonly y: Uint8Array;
  /** As in a snapshot. */
  readonly recordKeys: Float64Array;
  /** As in a snapshot, where the contract groups by a column and labels are required. */
  readonly groupKeys?: Float64Array;
  /** Rows that did not fit the contract. */
  readonly rejected: number;
  readonly account: InputAccount;
}

/** Reads an input into memory: 8 bytes a value. @throws HeaderMismatchError */
export async function readTable(
  reader: RowReader,
  contract: Contract,
  rules: Partial<BindingRules> & Pick<BindingRules, 'label'>,
): Promise<Table> {
  const featurizer = kindOf(contract).featurizer();
  const labels: number[] = [];
  const groupAt = splitColumns(contract).findIndex(({ holds }) => holds !== 'time');
  const keys: number[] = [];
  const recordKeys: number[] = [];
  let rejected = 0;
  const rows = await openContractRows(reader, contract, { ignoreColumns: [], ...rules });
  for await (const { parsed } of rows) {
    if (isFaulty(parsed)) {
      rejected++;
      continue;
    }
    const grouped = groupAt >= 0 && parsed.split;
    const key = grouped ? groupKeyOf(contract, String(grouped[groupAt])) : undefined;
    featurizer.add(parsed.item.values, key);
    labels.push(parsed.label ?? 0);
    recordKeys.push(recordKeyOf(parsed.item.values));
    if (key !== undefined) keys.push(key);
  }
  return {
    x: await featurizer.finish(),
    y: Uint8Array.from(labels),
    recordKeys: Float64Array.from(recordKeys),
    ...(groupAt >= 0 && rules.label === 'required' && { groupKeys: Float64Array.from(keys) }),
    rejected,
    account: rows.account,
  };
}
