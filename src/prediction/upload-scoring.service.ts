import { Readable } from 'node:stream';
import { Injectable, Logger } from '@nestjs/common';
import { inScope } from '../access/caller.js';
import { NetwardenError, RequestInvalidError, toError } from '../common/errors.js';
import type { Upload } from '../common/upload.js';
import { ContractsService } from '../detector/contracts.service.js';
import { kindOf } from '../detector/kinds.js';
import type { InputAccount } from '../ingestion/input-account.js';
import { type TakenUpload, UploadsService } from '../ingestion/uploads.service.js';
import { urlDetector } from './event-urls.service.js';
import { type FileScoringOptions, FileScoringService, type ScoredFile } from './file-scoring.service.js';
import { FlowFileScoringService, type ScoredFlowFile } from './flow-file-scoring.service.js';
import type { OutputFormat } from './prediction.dto.js';
import { failureLine, type ScoringFailure } from './row-writers.js';
import { ServingService } from './serving.service.js';

export interface UploadScoringOptions extends Pick<FileScoringOptions, 'format' | 'cells'> {
  /** Detectors that who asks may use; null for all. */
  readonly detectors: readonly string[] | null;
}

export interface ScoredUpload {
  readonly format: OutputFormat;
  /** How the first rows were read; a log of flows says it at its end. */
  readonly account: InputAccount;
  /** The rows with their verdicts. Closing it, read or not, gives back what the upload took. */
  readonly stream: Readable;
}

/** Scores what a request brings: rows of a detector, or a log of flows, which comes back with its account at the end. */
@Injectable()
export class UploadScoringService {
  private readonly logger = new Logger(UploadScoringService.name);

  constructor(
    private readonly contracts: ContractsService,
    private readonly serving: ServingService,
    private readonly uploads: UploadsService,
    private readonly files: FileScoringService,
    private readonly flows: FlowFileScoringService,
  ) {}

  /**
   * Takes the upload whole, then gives its rows as they are scored: what is wrong with the upload is known before the
   * first of them. What fails behind that is the last line, for an answer that has begun can say it nowhere else.
   * @throws DetectorUnknownError, ModelUnavailableError, RequestInvalidError, UploadTooLargeError, UploadBrokenOffError,
   * SpoolFullError, HeaderMismatchError, ReaderError
   */
  async score(detector: string, upload: Upload, options: UploadScoringOptions): Promise<ScoredUpload> {
    const { flowLogs } = kindOf(this.contracts.get(detector));
    if (upload.kind === 'records') {
      const reader = await this.uploads.open(upload, detector);
      return this.streamed(await this.files.score(detector, reader, options));
    }
    if (flowLogs && options.format === 'csv') {
      throw new RequestInvalidError([
        { path: 'format', message: 'is csv; logs of flows come back as NDJSON' },
      ]);
    }
    // Nothing is taken for which there is no model.
    this.serving.get(detector);
    const taken = await this.uploads.take(upload, detector);
    try {
      const scored = flowLogs
        ? await this.scoreFlows(detector, taken, options)
        : await this.files.score(detector, await taken.rows(), options);
      return this.streamed(scored, taken);
    } catch (error) {
      await taken.release();
      throw error;
    }
  }

  private async scoreFlows(
    detector: string,
    taken: TakenUpload,
    options: UploadScoringOptions,
  ): Promise<ScoredFile> {
    const scoresUrls = inScope(options, urlDetector);
    const scored = await this.flows.score(detector, () => taken.bytes(), {
      scoresUrls,
      unpacked: taken.gzip,
    });
    return { format: 'ndjson', chunks: withAccount(scored), account: () => ({}), failure: failureLine };
  }

  private streamed(scored: ScoredFile, taken?: TakenUpload): ScoredUpload {
    const stream = Readable.from(this.toItsEnd(scored), { objectMode: false });
    stream.once('close', () => void taken?.release());
    return { format: scored.format, account: scored.account(), stream };
  }

  private async *toItsEnd({ chunks, failure }: ScoredFile): AsyncGenerator<string, void, undefined> {
    try {
      yield* chunks;
    } catch (error) {
      yield failure(this.failureOf(error));
    }
  }

  private failureOf(error: unknown): ScoringFailure {
    if (error instanceof NetwardenError) return { code: error.code, detail: error.message };
    this.logger.error(toError(error));
    return { code: 'INTERNAL', detail: 'Something went wrong here. The log has it.' };
  }
}

async function* withAccount({ chunks, summary }: ScoredFlowFile): AsyncGenerator<string, void, undefined> {
  yield* chunks;
  yield `${JSON.stringify({ summary: summary() })}\n`;
}
