import { Injectable } from '@nestjs/common';
import type { InputFault } from '../common/errors.js';
import { excerpt } from '../common/excerpt.js';
import type { Page, PageQuery } from '../common/page.dto.js';
import { type WithId, withId } from '../common/with-id.js';
import { type Contract, splitColumns } from '../detector/contract.js';
import { ContractsService } from '../detector/contracts.service.js';
import { kindOf } from '../detector/kinds.js';
import type { LabelWords } from '../detector/tabular/cells.js';
import type { ParsedRow } from '../detector/tabular/tabular-parser.js';
import type { Batch } from './batch.schema.js';
import { BatchesRepository } from './batches.repository.js';
import { type ContractRow, isFaulty, openContractRows } from './contract-rows.js';
import type { RowReader } from './readers/reader.js';
import { RecordIds } from './record-id.js';
import type { StoredRecord } from './record.schema.js';
import { RecordsRepository } from './records.repository.js';
import type { RejectedRecord } from './rejected-record.schema.js';

export interface PushOptions {
  /** What the rows came from, for the batch: a file's name, `request`. */
  readonly name: string;
  readonly ignoreColumns?: readonly string[];
  /** Under which the rows may be used: model cards name it. */
  readonly licence?: string;
  readonly labels?: LabelWords;
  /** Called after each chunk that is stored. */
  readonly onProgress?: (batch: Readonly<Batch>) => void;
}

const chunkRows = 1000;

/** Rejected rows that are kept of a batch: enough to see what is wrong. All of them are counted. */
const mostRejectedKept = 5000;
/** Reasons that are kept of a rejected row, and characters of each. */
const mostReasonsKept = 50;
const mostOfReason = 500;

/** How far what is stored of a batch that makes progress may lie behind. */
const saveEveryMs = 500;

/** Takes labelled rows into the record store: each once, the bad ones with their reasons. */
@Injectable()
export class IngestionService {
  constructor(
    private readonly contracts: ContractsService,
    private readonly records: RecordsRepository,
    private readonly batches: BatchesRepository,
  ) {}

  /**
   * Stores an input's rows. Pushing it again, or after a crash in the middle, adds just what is missing.
   * @throws HeaderMismatchError before anything is stored, when the columns do not fit the contract.
   */
  async push(detector: string, reader: RowReader, options: PushOptions): Promise<WithId<Batch>> {
    const contract = this.contracts.get(detector);
    const { ignoreColumns = [], labels } = options;
    const rules = { label: 'required', ignoreColumns, ...(labels && { labels }) } as const;
    const rows = await openContractRows(reader, contract, rules);
    const { name, licence } = options;
    const source = { name, ...(licence && { licence }), format: reader.format, bytes: 0, sha256: null };
    const batch = await this.openBatch(detector, source, reader);
    let savedAt = performance.now();
    try {
      for await (const chunk of chunksOf(rows, contract, batch)) {
        await this.store(batch, chunk);
        Object.assign(batch, rows.account);
        batch.source.bytes = reader.bytes;
        if (performance.now() - savedAt > saveEveryMs) {
          await this.batches.save(batch);
          savedAt = performance.now();
        }
        options.onProgress?.(batch);
      }
    } catch (error) {
      batch.status = 'interrupted';
      await this.batches.save(batch);
      throw error;
    }
    batch.status = 'complete';
    if (reader.warnings && reader.warnings.length > 0) batch.warnings = [...reader.warnings];
    batch.source = { ...source, bytes: reader.bytes, sha256: reader.digest() };
    await this.batches.save(batch);
    return withId(batch);
  }

  count(detector: string): Promise<number> {
    return this.records.count(this.contracts.get(detector).detector);
  }

  async listBatches(detector: string, query: PageQuery): Promise<Page<WithId<Batch>>> {
    const page = await this.batches.list(this.contracts.get(detector).detector, query);
    return { ...page, items: page.items.map(withId) };
  }

  async getBatch(detector: string, id: string): Promise<WithId<Batch>> {
    return withId(await this.batches.get(this.contracts.get(detector).detector, id));
  }

  async listRejected(
    detector: string,
    id: string,
    query: PageQuery,
  ): Promise<Page<RejectedRecord & { batch: string }>> {
    const batch = await this.getBatch(detector, id);
    return this.batches.listRejected(batch.id, query);
  }

  /** The input's rows are not read where there is no batch for them. */
  private async openBatch(detector: string, source: Batch['source'], reader: RowReader): Promise<Batch> {
    try {
      return await this.batches.open(detector, source);
    } catch (error) {
      await reader.close();
      throw error;
    }
  }

  private async store(batch: Batch, chunk: Chunk): Promise<void> {
    const stored = await this.records.storeNew(chunk.records);
    await this.batches.addRejected(batch._id, batch.rejected, chunk.rejected);
    batch.read += chunk.records.length + chunk.rejectedCount;
    batch.stored += stored;
    batch.known += chunk.records.length - stored;
    batch.rejected += chunk.rejectedCount;
  }
}

interface Chunk {
  readonly records: StoredRecord[];
  /** Those that are kept. */
  readonly rejected: RejectedRecord[];
  rejectedCount: number;
}

/** An input that breaks off gives the rows that came before that, then the error. */
async function* chunksOf(
  rows: AsyncIterable<ContractRow>,
  contract: Contract,
  batch: Batch,
): AsyncIterable<Chunk> {
  const ids = new RecordIds(contract);
  let chunk: Chunk = { records: [], rejected: [], rejectedCount: 0 };
  let failure: { readonly error: unknown } | null = null;
  try {
    for await (const { line, raw, parsed } of rows) {
      if (isFaulty(parsed)) {
        const isKept = batch.rejected + chunk.rejectedCount++ < mostRejectedKept;
        if (isKept) chunk.rejected.push({ line, reasons: keptReasons(parsed), raw });
      } else chunk.records.push(toRecord(contract, batch, ids.next(parsed), line, parsed));
      if (chunk.records.length + chunk.rejectedCount >= chunkRows) {
        yield chunk;
        chunk = { records: [], rejected: [], rejectedCount: 0 };
      }
    }
  } catch (error) {
    failure = { error };
  }
  yield chunk;
  if (failure) throw failure.error;
}

/** A row may have a fault for each of its columns, and name them by what it likes. */
function keptReasons(faults: readonly InputFault[]): InputFault[] {
  const kept = faults.slice(0, mostReasonsKept).map(({ path, message }) => ({
    ...(path !== undefined && { path: excerpt(path, mostOfReason) }),
    message: excerpt(message, mostOfReason),
  }));
  if (faults.length > kept.length) kept.push({ message: `and ${faults.length - kept.length} more` });
  return kept;
}

function toRecord(
  contract: Contract,
  batch: Batch,
  _id: string,
  line: number,
  { item: { values }, label, split }: ParsedRow,
): StoredRecord {
  const row = Object.fromEntries(kindOf(contract).columns.map(({ name }, i) => [name, values[i] ?? null]));
  const names = splitColumns(contract).map(({ name }) => name);
  const places = split?.map((value, i) => [names[i], value] as const) ?? [];
  const separate = places.filter(([name]) => !(name in row));
  return {
    _id,
    detector: contract.detector,
    batch: batch._id,
    line,
    label: label!,
    row,
    ...(separate.length > 0 && { split: Object.fromEntries(separate) }),
  };
}
