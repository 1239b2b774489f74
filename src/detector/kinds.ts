import { type Contract, type SplitColumn, splitColumns } from './contract.js';
import { FlowKind } from './flow/flow-kind.js';
import type { DetectorKind } from './kind.js';
import { TabularKind } from './tabular/tabular-kind.js';
import { UrlKind } from './url/url-kind.js';

const makers: Readonly<Record<Contract['kind'], (contract: Contract) => DetectorKind>> = {
  flow: () => new FlowKind(),
  tabular: (contract) => new TabularKind(contract),
  url: (contract) => new UrlKind(contract),
};

const made = new WeakMap<Contract, DetectorKind>();

/** The kind that a contract names; made once a contract. */
export function kindOf(contract: Contract): DetectorKind {
  let kind = made.get(contract);
  if (!kind) made.set(contract, (kind = makers[contract.kind](contract)));
  return kind;
}

/** The contract's split columns that are no columns of its records, and stored beside them. */
export function separateSplitColumns(contract: Contract): SplitColumn[] {
  const names = new Set(kindOf(contract).columns.map(({ name }) => name));
  return splitColumns(contract).filter(({ name }) => !names.has(name));
}
