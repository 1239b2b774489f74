import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import { FileUnwritableError } from '../../ingestion/ingestion.errors.js';
import { UploadsService } from '../../ingestion/uploads.service.js';
import { type Confusion, metricNames } from '../../ml/metrics.js';
import { FileEvaluationService } from '../../prediction/file-evaluation.service.js';
import { FileScoringService } from '../../prediction/file-scoring.service.js';
import { type OutputFormat, outputFormats } from '../../prediction/prediction.dto.js';
import { runCommand } from '../command-app.js';
import { commaList, wholeNumber } from '../options.js';
import { print, rowsWithInterval, table, withInterval } from '../output.js';

interface ScoreOptions {
  readonly out?: string;
  readonly format: OutputFormat;
  readonly json?: boolean;
  readonly explain?: boolean;
  readonly ignoreColumns?: string[];
}

export function addScoreCommands(program: Command): void {
  program
    .command('score')
    .description('score a file with the champion: a verdict a line')
    .argument('<detector>')
    .argument('<file>', 'a file, or - for standard input')
    .option('--out <file>', 'where to write; standard output when absent')
    .addOption(
      new Option('--format <format>', 'how rows are written').choices(outputFormats).default('ndjson'),
    )
    .option('--json', 'NDJSON, whatever --format says')
    .option('--explain', 'add the reasons to each row (NDJSON)')
    .option('--ignore-columns <names>', 'unknown columns that may pass, separated by commas', commaList)
    .action((detector: string, file: string, { out, json, ...options }: ScoreOptions) =>
      runCommand(async (app) => {
        const reader = await app.get(UploadsService).openFile(file, detector);
        const format = json ? 'ndjson' : options.format;
        const { chunks } = await app.get(FileScoringService).score(detector, reader, { ...options, format });
        if (out === undefined) await pipeline(Readable.from(chunks), process.stdout, { end: false });
        else await writeWhole(chunks, out);
      }),
    );

  program
    .command('evaluate')
    .description('measure a version on a labelled file')
    .argument('<detector>')
    .argument('<file>', 'a labelled file, or - for standard input')
    .option('--version <n>', 'a version; the champion when absent', wholeNumber(1))
    .option('--json', 'print the result as JSON')
    .action((detector: string, file: string, options: { version?: number; json?: boolean }) =>
      runCommand(async (app) => {
        const reader = await app.get(UploadsService).openFile(file, detector);
        const result = await app.get(FileEvaluationService).evaluate(detector, reader, options.version);
        print(result, options.json, ({ intervals, confusion, ...metrics }) => {
          const figures = metrics as unknown as Record<string, number | null>;
          const cell = (name: keyof Confusion): string => rowsWithInterval(confusion[name], intervals[name]);
          return [
            `Version ${result.version} of ${detector} on ${result.rows} rows (${result.rejected} rejected)`,
            table(
              ['metric', 'value'],
              metricNames.map((name) => [name, withInterval(figures[name], intervals[name])]),
            ),
            table(
              ['', 'predicted threat', 'predicted benign'],
              [
                ['threat', cell('tp'), cell('fn')],
                ['benign', cell('fp'), cell('tn')],
              ],
            ),
          ].join('\n\n');
        });
      }),
    );
}

/** Writes beside the target and renames at the end: no half file, and the input may be the target. */
async function writeWhole(chunks: AsyncIterable<string>, target: string): Promise<void> {
  const beside = `${target}.${process.pid}.part`;
  try {
    await pipeline(Readable.from(chunks), createWriteStream(beside));
    await rename(beside, target);
  } catch (error) {
    await rm(beside, { force: true });
    const { code, syscall } = error as NodeJS.ErrnoException;
    throw syscall ? new FileUnwritableError(target, code) : error;
  }
}
