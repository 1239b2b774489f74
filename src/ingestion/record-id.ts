import { createHash } from 'node:crypto';
import { type Contract, splitColumns } from '../detector/contract.js';
import { kindOf } from '../detector/kinds.js';
import type { ParsedRow } from '../detector/tabular/tabular-parser.js';
import { OccurrenceCounter } from './occurrence-counter.js';

/**
 * Gives each row of one file its `_id`: the first 128 bits of sha256 over detector, canonical row and the
 * row's ordinal among identical rows of the file, in hex. The same file gives the same ids however often and
 * from wherever it is pushed. Columns are taken in the order of their names, so reordering the contract
 * changes nothing. What the split columns hold is part of the row: the same features in another capture or at another
 * time are another observation. Where the contract has none, ids are what they were before there were any.
 */
export class RecordIds {
  private readonly order: readonly number[];
  private readonly splitNames: readonly string[];
  private readonly seen = new OccurrenceCounter();

  constructor(private readonly contract: Contract) {
    const names = kindOf(contract).columns.map(({ name }) => name);
    this.order = names.map((_, i) => i).sort((a, b) => (names[a] < names[b] ? -1 : 1));
    this.splitNames = splitColumns(contract).map(({ name }) => name);
  }

  next(row: ParsedRow): string {
    const canonical = JSON.stringify([
      this.contract.detector,
      row.label,
      ...this.order.map((i) => row.item.values[i]),
      // As arrays, which no feature's value is.
      ...(row.split ?? []).map((value, i) => [this.splitNames[i], value]),
    ]);
    const digest = createHash('sha256').update(canonical).digest();
    const ordinal = this.seen.next(digest.readUIntBE(0, 6));
    return createHash('sha256').update(digest).update(String(ordinal)).digest('hex').slice(0, 32);
  }
}
