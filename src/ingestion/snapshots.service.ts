import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { Injectable } from '@nestjs/common';
import { ComputeService, type WorkContext } from '../compute/compute.service.js';
import { type Contract, splitColumns } from '../detector/contract.js';
import type { Snapshot } from '../detector/dataset.js';
import { separateSplitColumns } from '../detector/kinds.js';
import { Matrix } from '../ml/matrix.js';
import { BatchesRepository } from './batches.repository.js';
import type { FingerprintInput } from './fingerprint.task.js';
import { handOver } from './hand-over.js';
import { NoRecordsError, SplitColumnsMissingError } from './ingestion.errors.js';
import { RecordsRepository } from './records.repository.js';
import type { BatchSources, SnapshotInput, SnapshotRecord, Taken } from './snapshot.task.js';

const snapshotTask = new URL('./snapshot.task.js', import.meta.url);
const fingerprintTask = new URL('./fingerprint.task.js', import.meta.url);
const unattended: WorkContext = { signal: new AbortController().signal, onProgress: () => undefined };

/** Reads records and has a worker thread make of them what training needs: this thread only passes them on. */
@Injectable()
export class SnapshotsService {
  constructor(
    private readonly records: RecordsRepository,
    private readonly batches: BatchesRepository,
    private readonly compute: ComputeService,
  ) {}

  /**
   * All records of a detector at one moment. Rows stand in the order of their ids, so the same records give
   * the same snapshot whatever the order in which they arrived. Records without the contract's split columns, from
   * before it asked for them, are left out; pushed again with the columns, they are other records.
   * @throws NoRecordsError when there are none, SplitColumnsMissingError when all are left out.
   */
  async take(contract: Contract, context = unattended): Promise<Snapshot> {
    const batches = new Set<string>();
    const { snapshot, leftOut } = await this.handOver<SnapshotRecord, BatchSources, Taken>(
      (records) =>
        this.compute.run(snapshotTask, { contract, records } satisfies SnapshotInput, context, [records]),
      noting(this.records.streamAll(contract.detector), ({ batch }) => batches.add(batch)),
      () => this.batches.sources([...batches]),
    );
    if (!snapshot) throw noRecords(contract, leftOut);
    const { x, supplement } = snapshot;
    return {
      ...snapshot,
      x: Matrix.of(x),
      ...(supplement && { supplement: { ...supplement, x: Matrix.of(supplement.x) } }),
    };
  }

  /** The fingerprint of the snapshot that `take` would give now; null where there would be none. */
  async fingerprint(contract: Contract, context = unattended): Promise<string | null> {
    const withSplit = separateSplitColumns(contract).length > 0;
    return this.handOver<{ readonly _id: string }, null, string | null>(
      (records) =>
        this.compute.run(fingerprintTask, { contract, records } satisfies FingerprintInput, context, [
          records,
        ]),
      this.records.streamIds(contract.detector, withSplit),
      () => Promise.resolve(null),
    );
  }

  /** Starts a task with a port and hands rows over to it. @returns what the task returns */
  private async handOver<Row, End, Output>(
    start: (port: MessagePort) => Promise<Output>,
    rows: AsyncIterable<Row>,
    conclude: () => Promise<End>,
  ): Promise<Output> {
    const { port1, port2 } = new MessageChannel();
    try {
      const task = start(port2).finally(() => port1.close());
      const [output] = await Promise.all([task, handOver(port1, rows, conclude)]);
      return output;
    } finally {
      port1.close();
    }
  }
}

async function* noting<Row>(rows: AsyncIterable<Row>, note: (row: Row) => void): AsyncGenerator<Row> {
  for await (const row of rows) {
    note(row);
    yield row;
  }
}

function noRecords(contract: Contract, leftOut: number): Error {
  const { detector } = contract;
  if (leftOut === 0) return new NoRecordsError(detector);
  return new SplitColumnsMissingError(
    detector,
    leftOut,
    splitColumns(contract).map(({ name }) => name),
  );
}
