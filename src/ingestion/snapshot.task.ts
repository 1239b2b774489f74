import { createHash } from 'node:crypto';
import type { MessagePort } from 'node:worker_threads';
import { type Contract, splitColumns } from '../detector/contract.js';
import type { Snapshot } from '../detector/dataset.js';
import { recordKeyOf } from '../detector/group-keys.js';
import { kindOf } from '../detector/kinds.js';
import type { Value } from '../detector/tabular/cells.js';
import { takeOver } from './hand-over.js';
import type { StoredRecord } from './record.schema.js';
import { GroupNames, Places, placesReader } from './snapshot-places.js';
import { supplementOf } from './supplement.js';

export interface SnapshotInput {
  readonly contract: Contract;
  /** Where the records come from, in no order, and after them the source of each of their batches. */
  readonly records: MessagePort;
}

export type SnapshotRecord = Pick<StoredRecord, '_id' | 'batch' | 'label' | 'row' | 'split'>;
/** What each batch's rows came from. */
export type BatchSources = ReadonlyMap<string, { readonly name: string; readonly licence?: string }>;

export interface Taken {
  /** Null where no record is left. */
  readonly snapshot: Snapshot | null;
  readonly leftOut: number;
}

interface ReadRecord {
  readonly id: string;
  readonly label: 0 | 1;
  /** Of each split column: the key of the row's group, its time. */
  readonly places: readonly number[];
  /** Of the record, whatever its label. */
  readonly key: number;
  /** The place of its batch. */
  readonly batch: number;
  /** Where the contract asks for a supplement. */
  readonly values?: readonly Value[];
  /** Its place in the order in which records were read. */
  readonly at: number;
}

/** Makes a snapshot of records: puts them in the order of their ids and works out their features. */
export default async function take({ contract, records }: SnapshotInput): Promise<Taken> {
  const read: ReadRecord[] = [];
  const kind = kindOf(contract);
  const featurizer = kind.featurizer();
  const columns = splitColumns(contract);
  const placesOf = placesReader(contract, columns);
  const batches = new Places<string>();
  const groups = new GroupNames(contract);
  const hasGroups = columns.some(({ holds }) => holds !== 'time');
  let leftOut = 0;
  const batchSources = await takeOver<SnapshotRecord, BatchSources>(records, (record) => {
    const places = placesOf(record);
    if (places.some(Number.isNaN)) {
      leftOut++;
      return;
    }
    const { _id: id, label, row } = record;
    const values = kind.columns.map(({ name }) => row[name] ?? null);
    featurizer.add(values, hasGroups ? places[0] : undefined);
    read.push({
      id,
      label,
      places,
      key: recordKeyOf(values),
      batch: batches.of(record.batch),
      at: read.length,
      ...(contract.supplement && { values }),
    });
    groups.add(record, places[0]);
  });
  if (read.length === 0) return { snapshot: null, leftOut };
  read.sort((a, b) => (a.id < b.id ? -1 : 1));

  const order = Int32Array.from(read, ({ at }) => at);
  const x = await featurizer.finish({ order, shared: true, training: true });
  const y = new Uint8Array(new SharedArrayBuffer(read.length));
  const recordKeys = new Float64Array(new SharedArrayBuffer(read.length * 8));
  const split = columns.map(() => new Float64Array(new SharedArrayBuffer(read.length * 8)));
  const names = new Places<string>();
  // A batch that is not there any more stands for itself.
  const sourceOf = batches.values.map((id) => names.of(batchSources.get(id)?.name ?? `batch ${id}`));
  const licences = new Map([...batchSources.values()].map(({ name, licence }) => [name, licence ?? null]));
  const sources = new Int32Array(new SharedArrayBuffer(read.length * 4));
  const fingerprint = createHash('sha256');
  for (const [i, { id, batch, key, label, places }] of read.entries()) {
    y[i] = label;
    recordKeys[i] = key;
    sources[i] = sourceOf[batch];
    split.forEach((column, c) => (column[i] = places[c]));
    fingerprint.update(id);
  }
  const snapshot: Snapshot = {
    detector: contract.detector,
    x,
    y,
    ...Object.fromEntries(
      columns.map(({ holds }, c) => [holds === 'time' ? 'times' : 'groupKeys', split[c]]),
    ),
    ...(groups.large && { groupNames: groups.large }),
    recordKeys,
    sources: {
      names: names.values,
      licences: names.values.map((name) => licences.get(name) ?? null),
      rows: sources,
    },
    ...(contract.supplement && {
      supplement: await supplementOf(contract, read, { names: names.values, rows: sources }),
    }),
    ...(leftOut > 0 && { leftOut }),
    fingerprint: fingerprint.digest('hex'),
  };
  return { snapshot, leftOut };
}
