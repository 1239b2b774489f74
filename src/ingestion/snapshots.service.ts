import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Contract } from '../detector/contract.js';
import type { Snapshot } from '../detector/dataset.js';
import { valueEncoder } from '../detector/tabular/tabular-parser.js';
import { Matrix } from '../ml/matrix.js';
import { NoRecordsError } from './ingestion.errors.js';
import type { StoredRecord } from './record.schema.js';
import { RecordsRepository } from './records.repository.js';

/** Rows handled before others get a turn of the event loop. */
const rowsATurn = 1000;

@Injectable()
export class SnapshotsService {
  constructor(private readonly records: RecordsRepository) {}

  /**
   * All records of a detector at one moment. Rows stand in the order of their ids, so the same records give
   * the same snapshot whatever the order in which they arrived.
   * @throws NoRecordsError when there are none.
   */
  async take(contract: Contract): Promise<Snapshot> {
    const read: ReadRecord[] = [];
    const encode = recordEncoder(contract);
    for await (const record of this.records.streamAll(contract.detector)) read.push(encode(record));
    if (read.length === 0) throw new NoRecordsError(contract.detector);
    read.sort((a, b) => (a.id < b.id ? -1 : 1));

    const x = Matrix.shared(read.length, contract.features.length);
    const y = new Uint8Array(new SharedArrayBuffer(read.length));
    const fingerprint = createHash('sha256');
    for (const [i, { id, label, values }] of read.entries()) {
      x.setRow(i, values);
      y[i] = label;
      fingerprint.update(id);
      if (i % rowsATurn === rowsATurn - 1) await nextTurn();
    }
    return { detector: contract.detector, x, y, fingerprint: fingerprint.digest('hex') };
  }
}

interface ReadRecord {
  readonly id: string;
  readonly label: 0 | 1;
  readonly values: Float64Array;
}

function recordEncoder(
  contract: Contract,
): (record: Pick<StoredRecord, '_id' | 'label' | 'row'>) => ReadRecord {
  const encoders = contract.features.map((feature) => ({
    name: feature.name,
    encode: valueEncoder(feature),
  }));
  return ({ _id, label, row }) => ({
    id: _id,
    label,
    values: Float64Array.from(encoders, ({ name, encode }) => encode(row[name] ?? null)),
  });
}
