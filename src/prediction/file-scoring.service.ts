import { Injectable } from '@nestjs/common';
import { nextTurn } from '../common/turns.js';
import { type ContractRow, isFaulty, openContractRows } from '../ingestion/contract-rows.js';
import type { InputAccount } from '../ingestion/input-account.js';
import type { RowReader } from '../ingestion/readers/reader.js';
import type { CellStyle, OutputFormat } from './prediction.dto.js';
import {
  csvWriter,
  ndjsonWriter,
  type RowWriter,
  type ScoredRow,
  type ScoringFailure,
} from './row-writers.js';
import type { Scorer } from './scorer.js';
import { ScoringService } from './scoring.service.js';
import type { Served } from './served.js';
import { ServingService } from './serving.service.js';
import { verdictDto } from './verdict-dtos.js';

export interface ScoredFile {
  readonly format: OutputFormat;
  /** The text of the rows with their verdicts, piece by piece. */
  readonly chunks: AsyncIterable<string>;
  /** How the rows so far were read. */
  readonly account: () => InputAccount;
  /** The last line in place of the chunks that are left when they end with an error. */
  readonly failure: (error: ScoringFailure) => string;
}

export interface FileScoringOptions {
  /** As the input came when absent. */
  readonly format?: OutputFormat;
  /** Adds the reasons to each row of NDJSON. */
  readonly explain?: boolean;
  /** Whether cells of CSV that a spreadsheet would execute are defused; yes when absent. */
  readonly cells?: CellStyle;
  readonly ignoreColumns?: readonly string[];
  readonly onProgress?: (rows: number) => void;
}

/** Rows scored between two looks at the event loop. */
const chunkRows = 256;

/** Scores files row by row, in memory that does not grow with them. */
@Injectable()
export class FileScoringService {
  constructor(
    private readonly serving: ServingService,
    private readonly scoring: ScoringService,
  ) {}

  /**
   * Scores an input with the champion that serves now. A row that does not fit comes back with its error.
   * @throws HeaderMismatchError, ModelUnavailableError before the first row.
   */
  async score(detector: string, reader: RowReader, options: FileScoringOptions = {}): Promise<ScoredFile> {
    const { ignoreColumns = [], explain = false } = options;
    const { champion } = await this.servedFor(detector, reader);
    const { contract } = champion;
    const rows = await openContractRows(reader, contract, { label: 'ignored', ignoreColumns });
    const format = options.format ?? (reader.format === 'csv' ? 'csv' : 'ndjson');
    const writer = format === 'csv' ? csvWriter(reader, contract, options.cells) : ndjsonWriter(reader);
    const scorer = this.scoring.open(() => ({ champion, trial: null }), {
      context: 'log',
      explain: explain ? 'all' : 'none',
    });
    const chunks = write(scorer, rows, writer, options.onProgress);
    return { format, chunks, account: () => rows.account, failure: (error) => writer.failure(error) };
  }

  /** The input's rows are not read where there is no model for them. */
  private async servedFor(detector: string, reader: RowReader): Promise<Served> {
    try {
      return this.serving.get(detector);
    } catch (error) {
      await reader.close();
      throw error;
    }
  }
}

async function* write(
  scorer: Scorer,
  rows: AsyncIterable<ContractRow>,
  writer: RowWriter,
  onProgress?: (rows: number) => void,
): AsyncIterable<string> {
  yield writer.header;
  let done = 0;
  for await (const chunk of inChunks(rows)) {
    const scored = await scoreChunk(scorer, chunk);
    yield scored.map((row) => writer.row(row)).join('');
    onProgress?.((done += chunk.length));
    await nextTurn();
  }
}

async function scoreChunk(scorer: Scorer, chunk: readonly ContractRow[]): Promise<ScoredRow[]> {
  const fitting = chunk.flatMap(({ parsed }) => (isFaulty(parsed) ? [] : [parsed.item]));
  const verdicts = (await scorer.score(fitting))[Symbol.iterator]();
  return chunk.map((row) => {
    if (!isFaulty(row.parsed)) return { row, verdict: verdictDto(verdicts.next().value!), error: null };
    const error = row.parsed.map(({ path, message }) => (path ? `${path} ${message}` : message)).join('; ');
    return { row, verdict: null, error: `line ${row.line}: ${error}` };
  });
}

async function* inChunks(rows: AsyncIterable<ContractRow>): AsyncIterable<ContractRow[]> {
  let chunk: ContractRow[] = [];
  for await (const row of rows) {
    chunk.push(row);
    if (chunk.length < chunkRows) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
