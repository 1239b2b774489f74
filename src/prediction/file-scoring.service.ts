import { Injectable } from '@nestjs/common';
import { nextTurn } from '../common/turns.js';
import { type ContractRow, isFaulty, openContractRows } from '../ingestion/contract-rows.js';
import type { RowReader } from '../ingestion/readers/reader.js';
import type { LoadedVersion } from './loaded-version.js';
import type { CellStyle, OutputFormat, VerdictDto } from './prediction.dto.js';
import {
  csvWriter,
  ndjsonWriter,
  type RowWriter,
  type ScoredRow,
  type ScoringFailure,
} from './row-writers.js';
import { ScoringService } from './scoring.service.js';
import { ServingService } from './serving.service.js';

export interface ScoredFile {
  readonly format: OutputFormat;
  /** The text of the rows with their verdicts, piece by piece. */
  readonly chunks: AsyncIterable<string>;
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
    const champion = await this.championFor(detector, reader);
    const rules = { label: 'ignored', ignoreColumns: options.ignoreColumns ?? [] } as const;
    const rows = await openContractRows(reader, champion.contract, rules);
    const format = options.format ?? (reader.format === 'csv' ? 'csv' : 'ndjson');
    const writer =
      format === 'csv' ? csvWriter(reader, champion.contract, options.cells) : ndjsonWriter(reader);
    const chunks = this.write(champion, rows, writer, options);
    return { format, chunks, failure: (error) => writer.failure(error) };
  }

  /** The input's rows are not read where there is no model for them. */
  private async championFor(detector: string, reader: RowReader): Promise<LoadedVersion> {
    try {
      return this.serving.get(detector).champion;
    } catch (error) {
      await reader.close();
      throw error;
    }
  }

  private async *write(
    champion: LoadedVersion,
    rows: AsyncIterable<ContractRow>,
    writer: RowWriter,
    { explain = false, onProgress }: FileScoringOptions,
  ): AsyncIterable<string> {
    yield writer.header;
    let done = 0;
    for await (const chunk of inChunks(rows)) {
      const scored = await this.scoreChunk(champion, chunk, explain);
      yield scored.map((row) => writer.row(row)).join('');
      onProgress?.((done += chunk.length));
      await nextTurn();
    }
  }

  private async scoreChunk(
    champion: LoadedVersion,
    chunk: readonly ContractRow[],
    explain: boolean,
  ): Promise<ScoredRow[]> {
    const fitting = chunk.flatMap(({ parsed }) => (isFaulty(parsed) ? [] : [parsed.values]));
    const verdicts = (await this.scoring.scoreRows(champion, fitting, { explain }))[Symbol.iterator]();
    return chunk.map((row) => {
      if (!isFaulty(row.parsed)) return { row, verdict: verdicts.next().value as VerdictDto, error: null };
      const error = row.parsed.map(({ path, message }) => (path ? `${path} ${message}` : message)).join('; ');
      return { row, verdict: null, error: `line ${row.line}: ${error}` };
    });
  }
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
