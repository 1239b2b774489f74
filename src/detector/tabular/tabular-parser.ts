import type { InputFault } from '../../common/errors.js';
import { type Contract, splitColumns } from '../contract.js';
import { HeaderMismatchError } from '../detector.errors.js';
import { isFault, type Item, type RecordColumn } from '../kind.js';
import { kindOf } from '../kinds.js';
import { CellFault, labelParser, missingMarkers } from './cells.js';
import {
  bindColumns,
  type BindingRules,
  type ColumnBinding,
  type LeftOutColumn,
  type ReadColumn,
} from './columns.js';
import { splitCellParser, type SplitValue } from './split-cells.js';

/** A row that fits the contract. */
export interface ParsedRow {
  readonly item: Item;
  /** 1 threat, 0 benign; null where labels are ignored. */
  readonly label: 0 | 1 | null;
  /** One value a split column of the contract; absent where it has none and where labels are ignored. */
  readonly split?: readonly SplitValue[];
}

/** JSON records may each have columns of their own. */
const mostLeftOut = 100;

/** Turns raw rows into the values of records, or into the list of what is wrong with them. */
export class TabularParser {
  private readonly columns: readonly RecordColumn[];
  private readonly label;
  private readonly splitCells;
  private readonly skipped = new Map<string, LeftOutColumn>();
  private firstRenamed: readonly ReadColumn[] | undefined;
  private bound: { signature: string; binding: ColumnBinding | HeaderMismatchError } | undefined;

  constructor(
    readonly contract: Contract,
    private readonly rules: BindingRules,
  ) {
    this.columns = kindOf(contract).columns;
    this.label = labelParser({ ...contract.label, ...rules.labels });
    const isMissing = missingMarkers(contract);
    this.splitCells = splitColumns(contract).map((column) => ({
      name: column.name,
      parse: splitCellParser(column, isMissing),
    }));
  }

  /** @throws HeaderMismatchError */
  bind(columns: readonly string[]): ColumnBinding {
    const binding = bindColumns(this.contract, columns, this.rules);
    for (const one of binding.leftOut ?? []) {
      if (this.skipped.size < mostLeftOut) this.skipped.set(one.column, one);
    }
    this.firstRenamed ??= binding.renamed ?? [];
    return binding;
  }

  /** Columns of what was bound first that are called otherwise than in the contract. */
  get renamed(): readonly ReadColumn[] {
    return this.firstRenamed ?? [];
  }

  /** Columns of what was bound so far that are read over, the first hundred. */
  get leftOut(): LeftOutColumn[] {
    return [...this.skipped.values()];
  }

  /** Parses a row whose cells stand in the order of the columns that `binding` was made for. */
  parseCells(cells: readonly unknown[], binding: ColumnBinding): ParsedRow | InputFault[] {
    const faults: InputFault[] = [];
    const values = binding.columns.map((at, i) => {
      const { name, parse } = this.columns[i];
      const value = parse(cells[at]);
      if (!(value instanceof CellFault)) return value;
      faults.push({ path: name, message: value.message });
      return null;
    });
    const label = this.parseLabel(binding.label === -1 ? undefined : cells[binding.label]);
    if (label instanceof CellFault) faults.push({ path: this.contract.label.column, message: label.message });
    const split = this.parseSplit(cells, binding, faults);
    const item = faults.length > 0 ? null : kindOf(this.contract).item(values);
    if (item && isFault(item)) faults.push(item);
    if (!item || isFault(item) || label instanceof CellFault) return faults;
    return { item, label, ...(split && { split }) };
  }

  /**
   * Parses a JSON record; records in a row mostly share their keys, so the last binding is kept, or why there is none.
   * @throws HeaderMismatchError
   */
  parseRecord(record: Readonly<Record<string, unknown>>): ParsedRow | InputFault[] {
    const columns = Object.keys(record);
    const signature = JSON.stringify(columns);
    if (this.bound?.signature !== signature) this.bound = { signature, binding: this.bindingOf(columns) };
    const { binding } = this.bound;
    if (binding instanceof HeaderMismatchError) throw binding;
    return this.parseCells(Object.values(record), binding);
  }

  private bindingOf(columns: readonly string[]): ColumnBinding | HeaderMismatchError {
    try {
      return this.bind(columns);
    } catch (error) {
      if (error instanceof HeaderMismatchError) return error;
      throw error;
    }
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
