import { allowedValues, type Contract } from '../../detector/contract.js';
import type { Snapshot } from '../../detector/dataset.js';
import { kindOf } from '../../detector/kinds.js';
import type { Value } from '../../detector/tabular/cells.js';
import { Matrix, type MatrixParts } from '../../ml/matrix.js';
import { sameHoldout, unseenBy } from '../../transformation/holdout.js';
import { slicesOf } from '../../transformation/slices.js';
import { splitSnapshot } from '../../transformation/split-snapshot.js';
import type { ModelBundle } from '../../registry/bundle/bundle.js';
import { featurizeLogged, type LoggedItem } from '../log/logged-items.js';
import type { PreviewSlice } from './preview-report.js';

export interface LoggedRecord extends LoggedItem {
  readonly at: Date;
}

/** Records that were scored lately. */
export interface LoggedRecords {
  readonly source: 'logged';
  /** The latest first. */
  readonly records: readonly LoggedRecord[];
  /** The rest of the requests that they are of. */
  readonly others: readonly LoggedItem[];
}

/** The test part of all that is stored. */
export interface TestRecords {
  readonly source: 'test';
  readonly snapshot: Omit<Snapshot, 'x'> & { readonly x: MatrixParts };
  /** So many of them. */
  readonly most: number;
}

export type PreviewRecords = LoggedRecords | TestRecords;

/** Records as both versions read them. */
export interface ReadableRecords {
  /** One row a record, one column a feature. */
  readonly x: Matrix;
  readonly slices: readonly PreviewSlice[];
  /** The verdict's id of a logged record. */
  readonly idOf: (place: number) => string | null;
  /** What a record says, by name: its columns, or of stored ones the features. */
  readonly valuesOf: (place: number) => Readonly<Record<string, Value>>;
  /** Whether neither version can have learned from them; null where that is not known. */
  readonly unseen: boolean | null;
  readonly leftOut: number;
  readonly between: readonly [Date, Date] | null;
}

/** @param bundles of the versions that are to score them; all have the features of the contract */
export function readable(
  contract: Contract,
  records: PreviewRecords,
  bundles: readonly ModelBundle[],
): Promise<ReadableRecords> | ReadableRecords {
  return records.source === 'logged' ? loggedRows(contract, records) : testRows(contract, records, bundles);
}

async function loggedRows(contract: Contract, logged: LoggedRecords): Promise<ReadableRecords> {
  const { columns } = kindOf(contract);
  const { x, predictions: records, leftOut } = await featurizeLogged(contract, logged.records, logged.others);
  const days = new Map<string, number[]>();
  records.forEach(({ at }, place) => {
    const day = at.toISOString().slice(0, 10);
    days.set(day, [...(days.get(day) ?? []), place]);
  });
  return {
    x,
    slices: [...days].map(([value, places]) => ({ by: 'day', value, places })),
    idOf: (place) => records[place]._id,
    valuesOf: (place) =>
      Object.fromEntries(columns.map(({ name }, j) => [name, records[place].values[j] ?? null])),
    unseen: null,
    leftOut,
    between: records.length === 0 ? null : [records.at(-1)!.at, records[0].at],
  };
}

/** Under another hold-out a version may have learned from rows of the test part; the answer then says so. */
function testRows(
  contract: Contract,
  { snapshot: parts, most }: TestRecords,
  bundles: readonly ModelBundle[],
): ReadableRecords {
  const snapshot: Snapshot = { ...parts, x: Matrix.of(parts.x) };
  const split = splitSnapshot(contract, snapshot);
  const unseen = bundles.every((bundle) => sameHoldout(contract, bundle.contract));
  const test = unseen
    ? bundles.reduce((rows, bundle) => unseenBy(bundle, snapshot, { ...split, test: rows }), split.test)
    : split.test;
  const rows = spread(test, most);
  const places = new Map(Array.from(rows, (row, place) => [row, place]));
  const x = snapshot.x.take(rows);
  return {
    x,
    slices: slicesOf(contract, snapshot, rows).map(({ by, value, rows: sliced }) => ({
      ...{ by, value },
      places: sliced.map((row) => places.get(row)!),
    })),
    idOf: () => null,
    valuesOf: (place) => featureValues(contract, x.row(place)),
    unseen,
    leftOut: 0,
    between: null,
  };
}

/** At most so many rows, evenly from all of them; a snapshot's rows stand in the order of digests, so by chance. */
function spread(rows: Int32Array, most: number): Int32Array {
  if (rows.length <= most) return rows;
  return Int32Array.from({ length: most }, (_, k) => rows[Math.floor((k * rows.length) / most)]);
}

function featureValues({ features }: Contract, row: Float64Array): Record<string, Value> {
  const valueOf = (feature: Contract['features'][number], number: number): Value => {
    if (Number.isNaN(number)) return null;
    return feature.type === 'category' ? (allowedValues(feature)![number] ?? null) : number;
  };
  return Object.fromEntries(features.map((feature, j) => [feature.name, valueOf(feature, row[j])]));
}
