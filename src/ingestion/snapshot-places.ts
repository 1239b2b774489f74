import { type Contract, type SplitColumn, splitColumns } from '../detector/contract.js';
import { groupKeyOf } from '../detector/group-keys.js';
import type { StoredRecord } from './record.schema.js';

/** Numbers values 0, 1, … in the order in which they first come, so that rows need to hold a small integer only. */
export class Places<T> {
  private readonly places = new Map<T, number>();

  get values(): T[] {
    return [...this.places.keys()];
  }

  of(value: T): number {
    const known = this.places.get(value);
    if (known !== undefined) return known;
    this.places.set(value, this.places.size);
    return this.places.size - 1;
  }
}

/** The texts of a contract's group column. */
export class GroupNames {
  private readonly column: string | undefined;
  private readonly groups = new Map<number, { readonly name: string; rows: number }>();

  constructor(private readonly contract: Contract) {
    const { group } = contract;
    this.column = typeof group === 'object' && 'column' in group ? group.column : undefined;
  }

  /** Of the groups that are large enough to be compared by themselves; undefined where the contract has no such column. */
  get large(): Map<number, string> | undefined {
    if (this.column === undefined) return undefined;
    const { minRows } = this.contract.gate.slices;
    const large = [...this.groups].filter(([, { rows }]) => rows >= minRows);
    return new Map(large.map(([key, { name }]) => [key, name]));
  }

  /** @param key of the record's group */
  add({ split }: Pick<StoredRecord, 'split'>, key: number): void {
    if (this.column === undefined) return;
    const group = this.groups.get(key);
    if (group) group.rows++;
    else this.groups.set(key, { name: String(split?.[this.column]), rows: 1 });
  }
}

/** Reads what a record has in each split column; NaN where it has nothing. */
export function placesReader(
  contract: Contract,
  columns: readonly SplitColumn[] = splitColumns(contract),
): (record: Pick<StoredRecord, 'row' | 'split'>) => number[] {
  return ({ row, split }) =>
    columns.map(({ name, holds }) => {
      const value = split?.[name] ?? row[name];
      if (holds === 'time') return typeof value === 'number' ? value : NaN;
      return typeof value === 'string' ? groupKeyOf(contract, value) : NaN;
    });
}
