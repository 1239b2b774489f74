import { Injectable, PayloadTooLargeException } from '@nestjs/common';
import type { Upload } from '../common/upload.js';
import { ListChangesService, type ManyOptions, type ManyReport } from './list-changes.service.js';
import {
  type FileDefaults,
  type ListFileFormat,
  readListFile,
  type ReadListFile,
  readRecords,
} from './list-file.js';

export interface ImportReport extends ManyReport {
  readonly format: ListFileFormat;
}

/** Of an upload; a file that a command reads is bounded by the lists themselves. */
const mostLines = 100_000;
const mostBytes = 16 * 1024 * 1024;

/** Puts the entries of whole files on the lists. */
@Injectable()
export class ListImportService {
  constructor(private readonly changes: ListChangesService) {}

  /** @throws RequestInvalidError for what is no list, and as `ListChangesService.addMany` does */
  async file(
    bytes: Buffer,
    defaults: FileDefaults,
    author: string,
    options: ManyOptions,
  ): Promise<ImportReport> {
    return this.store(readListFile(bytes, defaults), author, options);
  }

  /** @throws PayloadTooLargeException, UploadBrokenOffError, and as `file` */
  async upload(
    upload: Upload,
    defaults: FileDefaults,
    author: string,
    options: ManyOptions,
  ): Promise<ImportReport> {
    const read: ReadListFile =
      upload.kind === 'records'
        ? { format: 'json', placed: readRecords(upload.records, defaults) }
        : readListFile(await bytesOf(upload.stream), defaults);
    if (read.placed.length > mostLines) throw tooLarge(`${read.placed.length} lines`);
    return this.store(read, author, options);
  }

  private async store(
    { format, placed }: ReadListFile,
    author: string,
    options: ManyOptions,
  ): Promise<ImportReport> {
    return { format, ...(await this.changes.addMany(placed, author, options)) };
  }
}

async function bytesOf(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > mostBytes) throw tooLarge('more than 16 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(what: string): PayloadTooLargeException {
  return new PayloadTooLargeException(
    `The file has ${what}; a request may bring ${mostLines} lines in 16 MiB. Send it in parts, or import it from the command line.`,
  );
}
