import { Injectable } from '@nestjs/common';
import { RequestInvalidError } from '../common/errors.js';
import type { Upload } from '../common/upload.js';
import { ContractsService } from '../detector/contracts.service.js';
import { kindOf } from '../detector/kinds.js';
import { UploadsService } from '../ingestion/uploads.service.js';
import { type FileScoringOptions, FileScoringService, type ScoredFile } from './file-scoring.service.js';
import { FlowFileScoringService, type ScoredFlowFile } from './flow-file-scoring.service.js';

/** Scores what a request brings: rows of a detector, or a log of flows, which comes back with its account at the end. */
@Injectable()
export class UploadScoringService {
  constructor(
    private readonly contracts: ContractsService,
    private readonly uploads: UploadsService,
    private readonly files: FileScoringService,
    private readonly flows: FlowFileScoringService,
  ) {}

  /** @throws DetectorUnknownError, ModelUnavailableError, UploadTooLargeError, ReaderError, RequestInvalidError */
  async score(detector: string, upload: Upload, options: FileScoringOptions): Promise<ScoredFile> {
    const isLog = kindOf(this.contracts.get(detector)).flowLogs && upload.kind === 'stream';
    if (!isLog) return this.files.score(detector, await this.uploads.open(upload, detector), options);
    if (options.format === 'csv') {
      throw new RequestInvalidError([
        { path: 'format', message: 'is csv; logs of flows come back as NDJSON' },
      ]);
    }
    const scored = await this.flows.score(detector, () => this.uploads.bytes(upload));
    return { format: 'ndjson', chunks: withAccount(scored) };
  }
}

async function* withAccount({ chunks, summary }: ScoredFlowFile): AsyncGenerator<string, void, undefined> {
  yield* chunks;
  yield `${JSON.stringify({ summary: summary() })}\n`;
}
