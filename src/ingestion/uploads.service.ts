import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { Upload } from '../common/upload.js';
import type { WithId } from '../common/with-id.js';
import { Environment } from '../config/environment.js';
import { type Contract, foldName } from '../detector/contract.js';
import { ContractsService } from '../detector/contracts.service.js';
import { kindOf } from '../detector/kinds.js';
import { CellFault, labelParser } from '../detector/tabular/cells.js';
import { knownNames } from '../detector/tabular/columns.js';
import type { Batch } from './batch.schema.js';
import { FileMissingError, UploadTooLargeError } from './ingestion.errors.js';
import { IngestionService, type PushOptions } from './ingestion.service.js';
import type { ByteInput } from './readers/byte-source.js';
import { flatFlowRecord } from './readers/flow/flat-record.js';
import { type FlowRowsOptions, openFlowRows } from './readers/flow/flow-rows-reader.js';
import { gunzipped, type GunzipState } from './readers/flow/gunzip.js';
import { openReader, type ReaderOptions, type RowReader } from './readers/reader.js';
import { recordsReader } from './readers/records-reader.js';
import { type SpooledUpload, UploadSpool } from './upload-spool.js';

type StreamUpload = Extract<Upload, { kind: 'stream' }>;

/** A request's body that has been taken whole; released when it is done with, whatever came of it. */
export interface TakenUpload extends SpooledUpload {
  /** Its rows, read as the detector's contract says. @throws ReaderError */
  rows(): Promise<RowReader>;
  /** What was wrong with a packed log of flows. */
  readonly gzip: GunzipState;
}

/** Opens what users hand in (a request's body, a file, standard input) as rows. */
@Injectable()
export class UploadsService {
  constructor(
    private readonly environment: Environment,
    private readonly contracts: ContractsService,
    private readonly ingestion: IngestionService,
    private readonly spool: UploadSpool,
  ) {}

  async push(
    detector: string,
    upload: Upload,
    options: Pick<PushOptions, 'ignoreColumns' | 'labels' | 'licence'> = {},
  ): Promise<WithId<Batch>> {
    const name = upload.kind === 'stream' ? upload.name : 'request';
    return this.ingestion.push(detector, await this.open(upload, detector), { ...options, name });
  }

  async pushFile(detector: string, file: string, options: Omit<PushOptions, 'name'>): Promise<WithId<Batch>> {
    const name = file === '-' ? 'standard input' : basename(file);
    return this.ingestion.push(detector, await this.openFile(file, detector), { ...options, name });
  }

  /** The rows of a request's body, read as the detector's contract says. @throws DetectorUnknownError */
  async open(upload: Upload, detector: string): Promise<RowReader> {
    const contract = this.contracts.get(detector);
    if (upload.kind === 'records') {
      const { flowLogs } = kindOf(contract);
      const records = flowLogs ? upload.records.map(flatFlowRecord) : upload.records;
      return recordsReader(records, lineColumnOf(contract).lineColumn);
    }
    const input = this.bytes(upload);
    if (kindOf(contract).flowLogs) {
      const mostUnpacked = this.environment.uploadLimit;
      return openFlowRows(input, { ...flowRowsOptions(contract, upload.name), mostUnpacked });
    }
    return openReader(input, readerOptions(contract, upload));
  }

  /**
   * Takes a request's body whole before it is opened, a packed log of flows unpacked: for routes that answer while they
   * read, since many senders read no answer before they have sent all.
   * @throws DetectorUnknownError, UploadTooLargeError, UploadBrokenOffError, SpoolFullError, ReaderError
   */
  async take(upload: StreamUpload, detector: string): Promise<TakenUpload> {
    const contract = this.contracts.get(detector);
    const gzip: GunzipState = { damage: null };
    const packed = this.bytes(upload);
    const { flowLogs } = kindOf(contract);
    const bytes = flowLogs ? gunzipped(packed, gzip, this.environment.uploadLimit) : packed;
    const taken = await this.spool.take(bytes);
    return {
      bytes: () => taken.bytes(),
      rows: () => openReader(taken.bytes(), readerOptions(contract, upload)),
      gzip,
      release: () => taken.release(),
    };
  }

  /** A request's body as it comes, as much as is allowed. @throws UploadTooLargeError */
  private bytes(upload: StreamUpload): ByteInput {
    const { uploadLimit } = this.environment;
    if (upload.announced > uploadLimit) {
      upload.stream.destroy();
      throw new UploadTooLargeError(uploadLimit);
    }
    return limited(upload.stream, uploadLimit);
  }

  /** The same for a file; `-` is standard input. @throws DetectorUnknownError, FileMissingError */
  async openFile(file: string, detector: string): Promise<RowReader> {
    const contract = this.contracts.get(detector);
    if (file === '-') return openInput(process.stdin, contract, 'standard input');
    const state = await stat(file).catch((error: NodeJS.ErrnoException) => {
      throw new FileMissingError(file, error.code);
    });
    if (!state.isFile()) throw new FileMissingError(file, 'it is not a file');
    return openInput(createReadStream(file), contract, basename(file));
  }
}

function openInput(input: Readable, contract: Contract, name: string): Promise<RowReader> {
  if (kindOf(contract).flowLogs) return openFlowRows(input, flowRowsOptions(contract, name));
  return openReader(input, readerOptions(contract));
}

function flowRowsOptions({ label, group }: Contract, capture: string): FlowRowsOptions {
  const column = typeof group === 'object' && 'column' in group ? group.column : 'capture';
  return { columns: { label: label.column, capture: column }, capture };
}

function readerOptions(contract: Contract, { format }: Pick<StreamUpload, 'format'> = {}): ReaderOptions {
  const { notUtf8, columns } = contract.input;
  const names = knownNames(contract);
  return {
    ...(format && { format }),
    ...(notUtf8 !== 'refuse' && { fallbackEncoding: notUtf8 }),
    ...(columns && { columns }),
    ...lineColumnOf(contract),
    isKnown: (name) => names.has(foldName(name)),
  };
}

function lineColumnOf(contract: Contract): Pick<ReaderOptions, 'lineColumn'> {
  const { columns, bareLines } = kindOf(contract);
  if (!bareLines) return {};
  const [{ name, aliases }] = columns;
  const parseLabel = labelParser(contract.label);
  const isLabel = (text: string): boolean => !(parseLabel(text) instanceof CellFault);
  return { lineColumn: { name, spellings: [name, ...aliases], isLabel } };
}

/** @throws UploadTooLargeError */
async function* limited(stream: Readable, limit: number): AsyncGenerator<Buffer, void, undefined> {
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += (chunk as Buffer).length;
    if (bytes > limit) throw new UploadTooLargeError(limit);
    yield chunk as Buffer;
  }
}
