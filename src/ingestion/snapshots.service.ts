import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { type Contract, type SplitColumn, splitColumns } from '../detector/contract.js';
import type { Snapshot } from '../detector/dataset.js';
import { groupKeyOf } from '../detector/group-keys.js';
import { valueEncoder } from '../detector/tabular/tabular-parser.js';
import { Matrix } from '../ml/matrix.js';
import { BatchesRepository } from './batches.repository.js';
import { NoRecordsError, SplitColumnsMissingError } from './ingestion.errors.js';
import type { StoredRecord } from './record.schema.js';
import { RecordsRepository } from './records.repository.js';
import { GroupNames, Places } from './snapshot-names.js';

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
    const encode = recordEncoder(contract);
    const batches = new Places<string>();
    const groups = new GroupNames(contract);
    let leftOut = 0;
    for await (const record of this.records.streamAll(contract.detector)) {
      const encoded = encode(record);
      if (encoded) {
        read.push({ ...encoded, batch: batches.of(record.batch) });
        groups.add(record, encoded.places[0]);
      } else leftOut++;
    }
    const columns = splitColumns(contract);
    if (read.length === 0) throw noRecords(contract, columns, leftOut);
    read.sort((a, b) => (a.id < b.id ? -1 : 1));

    const x = Matrix.shared(read.length, contract.features.length);
    const y = new Uint8Array(new SharedArrayBuffer(read.length));
    const split = columns.map(() => new Float64Array(new SharedArrayBuffer(read.length * 8)));
    const names = new Places<string>();
    const sourceOf = (await this.sourcesOf(batches.values)).map((name) => names.of(name));
    const sources = new Int32Array(new SharedArrayBuffer(read.length * 4));
    const fingerprint = createHash('sha256');
    for (const [i, { id, batch, label, values, places }] of read.entries()) {
      x.setRow(i, values);
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
      ...(leftOut > 0 && { leftOut }),
      fingerprint: fingerprint.digest('hex'),
    };
  }

  /** The fingerprint of the snapshot that `take` would give now; null where there would be none. */
  async fingerprint(contract: Contract): Promise<string | null> {
    const places = placesReader(contract);
    const ids: string[] = [];
    const withSplit = splitColumns(contract).length > 0;
    for await (const { _id, split } of this.records.streamIds(contract.detector, withSplit)) {
      if (!places(split).some(Number.isNaN)) ids.push(_id);
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

interface ReadRecord extends EncodedRecord {
  /** The place of its batch. */
  readonly batch: number;
}

interface EncodedRecord {
  readonly id: string;
  readonly label: 0 | 1;
  readonly values: Float64Array;
  /** Of each split column: the key of the row's group, its time. */
  readonly places: readonly number[];
}

/** Encodes a record; undefined where it lacks a split column. */
function recordEncoder(
  contract: Contract,
): (record: Pick<StoredRecord, '_id' | 'label' | 'row' | 'split'>) => EncodedRecord | undefined {
  const encoders = contract.features.map((feature) => ({
    name: feature.name,
    encode: valueEncoder(feature),
  }));
  const placesOf = placesReader(contract);
  return ({ _id, label, row, split }) => {
    const places = placesOf(split);
    if (places.some(Number.isNaN)) return undefined;
    const values = Float64Array.from(encoders, ({ name, encode }) => encode(row[name] ?? null));
    return { id: _id, label, values, places };
  };
}

/** Reads what a record has in each split column; NaN where it has nothing. */
function placesReader(contract: Contract): (split: StoredRecord['split']) => number[] {
  const columns = splitColumns(contract);
  return (split) =>
    columns.map(({ name, holds }) => {
      const value = split?.[name];
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
