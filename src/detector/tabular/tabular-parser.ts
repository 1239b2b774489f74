import type { InputFault } from '../../common/errors.js';
import { allowedValues, type Contract, type Feature, splitColumns } from '../contract.js';
import { CellFault, cellParser, labelParser, missingMarkers, type Value } from './cells.js';
import { bindColumns, type BindingRules, type ColumnBinding } from './columns.js';
import { splitCellParser, type SplitValue } from './split-cells.js';

/** A row that fits the contract. */
export interface ParsedRow {
  /** One value a feature, in the contract's order. */
  readonly values: readonly Value[];
  /** 1 threat, 0 benign; null where labels are ignored. */
  readonly label: 0 | 1 | null;
  /** One value a split column of the contract; absent where it has none and where labels are ignored. */
  readonly split?: readonly SplitValue[];
}

/** Turns raw rows into values of the contract's features, or into the list of what is wrong with them. */
export class TabularParser {
  private readonly cells;
  private readonly label;
  private readonly splitCells;
  private readonly isMissing;
  private bound: { signature: string; binding: ColumnBinding } | undefined;

  constructor(
    readonly contract: Contract,
    private readonly rules: BindingRules,
  ) {
    this.isMissing = missingMarkers(contract);
    this.cells = contract.features.map((feature) => cellParser(feature, this.isMissing));
    this.label = labelParser(contract);
    this.splitCells = splitColumns(contract).map((column) => ({
      name: column.name,
      parse: splitCellParser(column, this.isMissing),
    }));
  }

  /** @throws HeaderMismatchError */
  bind(columns: readonly string[]): ColumnBinding {
    return bindColumns(this.contract, columns, this.rules);
  }

  /** Parses a row whose cells stand in the order of the columns that `binding` was made for. */
  parseCells(cells: readonly unknown[], binding: ColumnBinding): ParsedRow | InputFault[] {
    const faults: InputFault[] = [];
    const values = binding.features.map((at, i) => {
      const value = this.cells[i](cells[at]);
      if (!(value instanceof CellFault)) return value;
      faults.push({ path: this.contract.features[i].name, message: value.message });
      return null;
    });
    const label = this.parseLabel(binding.label === -1 ? undefined : cells[binding.label]);
    if (label instanceof CellFault) faults.push({ path: this.contract.label.column, message: label.message });
    const split = this.parseSplit(cells, binding, faults);
    if (faults.length > 0 || label instanceof CellFault) return faults;
    return { values, label, ...(split && { split }) };
  }

  /** Parses a JSON record; records in a row mostly share their keys, so the last binding is kept. */
  parseRecord(record: Readonly<Record<string, unknown>>): ParsedRow | InputFault[] {
    const columns = Object.keys(record);
    const signature = JSON.stringify(columns);
    if (this.bound?.signature !== signature) this.bound = { signature, binding: this.bind(columns) };
    return this.parseCells(Object.values(record), this.bound.binding);
  }

  private parseSplit(
    cells: readonly unknown[],
    { split }: ColumnBinding,
    faults: InputFault[],
  ): SplitValue[] | undefined {
    if (!split || this.rules.label === 'ignored') return undefined;
    return this.splitCells.map(({ name, parse }, i) => {
      const value = parse(cells[split[i]]);
      if (!(value instanceof CellFault)) return value;
      faults.push({ path: name, message: value.message });
      return '';
    });
  }

  private parseLabel(cell: unknown): 0 | 1 | null | CellFault {
    if (this.rules.label === 'ignored') return null;
    return this.label(cell);
  }
}

/** Stands in a matrix for a category that the contract does not have; validation finds it. */
export const unknownCategory = -1;

/** The number that stands for a value in a matrix: a category's place in the contract, NaN for missing. */
export function valueEncoder(feature: Feature): (value: Value) => number {
  if (feature.type !== 'category') return (value) => (typeof value === 'number' ? value : NaN);
  const codes = new Map(allowedValues(feature)!.map((value, code) => [value, code]));
  return (value) => (value === null ? NaN : (codes.get(value) ?? unknownCategory));
}

/** The sentence that stands for a feature's value in a verdict's reasons. */
export function describeValue(feature: Feature, value: Value): string {
  if (value === null) return `${feature.meaning}: not known`;
  const sentence = 'values' in feature ? feature.values?.[String(value)] : undefined;
  return sentence ?? `${feature.meaning}: ${value}`;
}
