import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { nextTurn } from '../common/turns.js';
import { type Contract, type SplitColumn, splitColumns } from '../detector/contract.js';
import type { Snapshot } from '../detector/dataset.js';
import { groupKeyOf } from '../detector/group-keys.js';
import { kindOf, separateSplitColumns } from '../detector/kinds.js';
import type { Value } from '../detector/tabular/cells.js';
import { BatchesRepository } from './batches.repository.js';
import { NoRecordsError, SplitColumnsMissingError } from './ingestion.errors.js';
import type { StoredRecord } from './record.schema.js';
import { RecordsRepository } from './records.repository.js';
import { GroupNames, Places } from './snapshot-names.js';
import { supplementOf } from './supplement.js';

/** Rows handled before others get a turn of the event loop. */
const rowsATurn = 1000;

@Injectable()
export class SnapshotsService {
  constructor(
    private readonly records: RecordsRepository,
    private readonly batches: BatchesRepository,
  ) {}

  /**
   * All records of a detector at one moment. Rows stand in the order of their ids, so the same records give
   * the same snapshot whatever the order in which they arrived. Records without the contract's split columns, from
   * before it asked for them, are left out; pushed again with the columns, they are other records.
   * @throws NoRecordsError when there are none, SplitColumnsMissingError when all are left out.
   */
  async take(contract: Contract): Promise<Snapshot> {
    const read: ReadRecord[] = [];
    const kind = kindOf(contract);
    const featurizer = kind.featurizer();
    const columns = splitColumns(contract);
    const placesOf = placesReader(contract, columns);
    const batches = new Places<string>();
    const groups = new GroupNames(contract);
    const hasGroups = columns.some(({ holds }) => holds !== 'time');
    let leftOut = 0;
    for await (const record of this.records.streamAll(contract.detector)) {
      const places = placesOf(record);
      if (places.some(Number.isNaN)) {
        leftOut++;
        continue;
      }
      const { _id: id, label, row } = record;
      const values = kind.columns.map(({ name }) => row[name] ?? null);
      featurizer.add(values, hasGroups ? places[0] : undefined);
      read.push({
        id,
        label,
        places,
        batch: batches.of(record.batch),
        at: read.length,
        ...(contract.supplement && { values }),
      });
      groups.add(record, places[0]);
    }
    if (read.length === 0) throw noRecords(contract, columns, leftOut);
    read.sort((a, b) => (a.id < b.id ? -1 : 1));

    const order = Int32Array.from(read, ({ at }) => at);
    const x = await featurizer.finish({ order, shared: true, training: true });
    const y = new Uint8Array(new SharedArrayBuffer(read.length));
    const split = columns.map(() => new Float64Array(new SharedArrayBuffer(read.length * 8)));
    const names = new Places<string>();
    const sourceOf = (await this.sourcesOf(batches.values)).map((name) => names.of(name));
    const sources = new Int32Array(new SharedArrayBuffer(read.length * 4));
    const fingerprint = createHash('sha256');
    for (const [i, { id, batch, label, places }] of read.entries()) {
      y[i] = label;
      sources[i] = sourceOf[batch];
      split.forEach((column, c) => (column[i] = places[c]));
      fingerprint.update(id);
      if (i % rowsATurn === rowsATurn - 1) await nextTurn();
    }
    return {
      detector: contract.detector,
      x,
      y,
      ...Object.fromEntries(
        columns.map(({ holds }, c) => [holds === 'time' ? 'times' : 'groupKeys', split[c]]),
      ),
      ...(groups.large && { groupNames: groups.large }),
      sources: { names: names.values, rows: sources },
      ...(contract.supplement && {
        supplement: await supplementOf(contract, read, { names: names.values, rows: sources }),
      }),
      ...(leftOut > 0 && { leftOut }),
      fingerprint: fingerprint.digest('hex'),
    };
  }

  /** The fingerprint of the snapshot that `take` would give now; null where there would be none. */
  async fingerprint(contract: Contract): Promise<string | null> {
    const separate = separateSplitColumns(contract);
    const placesOf = placesReader(contract, separate);
    const ids: string[] = [];
    for await (const { _id, split } of this.records.streamIds(contract.detector, separate.length > 0)) {
      if (!placesOf({ row: {}, split }).some(Number.isNaN)) ids.push(_id);
    }
    if (ids.length === 0) return null;
    return createHash('sha256').update(ids.sort().join('')).digest('hex');
  }

  /** The name of each batch's source; a batch that is not there any more stands for itself. */
  private async sourcesOf(batches: readonly string[]): Promise<string[]> {
    const names = await this.batches.sourceNames(batches);
    return batches.map((id) => names.get(id) ?? `batch ${id}`);
  }
}

interface ReadRecord {
  readonly id: string;
  readonly label: 0 | 1;
  /** Of each split column: the key of the row's group, its time. */
  readonly places: readonly number[];
  /** The place of its batch. */
  readonly batch: number;
  /** Where the contract asks for a supplement. */
  readonly values?: readonly Value[];
  /** The how-manieth it was to be read. */
  readonly at: number;
}

/** Reads what a record has in each split column; NaN where it has nothing. */
function placesReader(
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

function noRecords({ detector }: Contract, columns: readonly SplitColumn[], leftOut: number): Error {
  if (leftOut === 0) return new NoRecordsError(detector);
  return new SplitColumnsMissingError(
    detector,
    leftOut,
    columns.map(({ name }) => name),
  );
}
