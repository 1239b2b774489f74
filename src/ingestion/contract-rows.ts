import type { InputFault } from '../common/errors.js';
import { Slice } from '../common/turns.js';
import type { Contract } from '../detector/contract.js';
import { HeaderMismatchError } from '../detector/detector.errors.js';
import type { BindingRules } from '../detector/tabular/columns.js';
import { type ParsedRow, TabularParser } from '../detector/tabular/tabular-parser.js';
import { accountOf, type InputAccount } from './input-account.js';
import type { ReadRow, RowReader } from './readers/reader.js';

/** One row of an input, checked against the contract. */
export interface ContractRow {
  readonly line: number;
  readonly raw: string;
  /** The cells or the JSON record as read; undefined where not even that was possible. */
  readonly source: ReadRow['values'];
  /** What it says, or what is wrong with it. */
  readonly parsed: ParsedRow | readonly InputFault[];
}

/** The rows of an input. */
export interface ContractRows extends AsyncIterable<ContractRow> {
  /** How the rows handed out so far were read. */
  readonly account: InputAccount;
}

export function isFaulty(parsed: ContractRow['parsed']): parsed is readonly InputFault[] {
  return Array.isArray(parsed);
}

/**
 * Matches an opened input with a contract before its first row is handed out; a JSON input's first record
 * stands for the header.
 * @throws HeaderMismatchError when the input as a whole does not fit.
 */
export async function openContractRows(
  reader: RowReader,
  contract: Contract,
  rules: BindingRules,
): Promise<ContractRows> {
  const rows = reader.rows()[Symbol.asyncIterator]();
  const parser = new TabularParser(contract, rules);
  let check: RowCheck;
  let first: ContractRow | undefined;
  try {
    check = rowCheck(parser, reader.columns);
    const result = await rows.next();
    if (!result.done) first = check(result.value, true);
  } catch (error) {
    await reader.close();
    throw error;
  }
  return {
    get account() {
      return accountOf(reader, parser.renamed, parser.leftOut);
    },
    async *[Symbol.asyncIterator]() {
      try {
        if (!first) return;
        yield first;
        const slice = new Slice();
        for (let next = await rows.next(); !next.done; next = await rows.next()) {
          yield check(next.value, false);
          if (slice.isOver) await slice.next();
        }
      } finally {
        await reader.close();
      }
    },
  };
}

type RowCheck = (row: ReadRow, first: boolean) => ContractRow;

function rowCheck(parser: TabularParser, columns: readonly string[] | null): RowCheck {
  const binding = columns && parser.bind(columns);
  const parse = (row: ReadRow, first: boolean): ContractRow['parsed'] => {
    if (row.problem !== undefined || row.values === undefined)
      return [{ message: row.problem ?? 'is not readable' }];
    if (binding) return parser.parseCells(row.values as readonly unknown[], binding);
    try {
      return parser.parseRecord(row.values as Readonly<Record<string, unknown>>);
    } catch (error) {
      if (error instanceof HeaderMismatchError && !first) return error.errors;
      throw error;
    }
  };
  return (row, first) => ({ line: row.line, raw: row.raw, source: row.values, parsed: parse(row, first) });
}
