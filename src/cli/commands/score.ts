import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setFlagsFromString } from 'node:v8';
import { type Command, Option } from 'commander';
import { RequestInvalidError } from '../../common/errors.js';
import { ContractsService } from '../../detector/contracts.service.js';
import { kindOf } from '../../detector/kinds.js';
import { FileMissingError, FileUnwritableError } from '../../ingestion/ingestion.errors.js';
import { describeInput } from '../../ingestion/input-account.js';
import { labelWords } from '../../ingestion/label-words.js';
import { UploadsService } from '../../ingestion/uploads.service.js';
import { type Confusion, metricNames } from '../../ml/metrics.js';
import { type FileEvaluation, FileEvaluationService } from '../../prediction/file-evaluation.service.js';
import { FileScoringService } from '../../prediction/file-scoring.service.js';
import {
  describeFlowFile,
  FlowFileScoringService,
  type FlowFileSummary,
  isNothingScored,
} from '../../prediction/flow-file-scoring.service.js';
import { type CellStyle, cellStyles, outputFormats } from '../../prediction/prediction.dto.js';
import { runScoringCommand } from '../command-app.js';
import { commaList, shareBetween, wholeNumber } from '../options.js';
import { print, rowsWithInterval, table, withInterval } from '../output.js';
import { addFollowOptions, followLog, type FollowOptions, formatAmong } from './follow.js';

interface ScoreOptions extends FollowOptions {
  readonly explain?: boolean;
  readonly cells?: CellStyle;
  readonly ignoreColumns?: string[];
}

interface EvaluateOptions {
  readonly version?: number;
  readonly json?: boolean;
  readonly threat?: string[];
  readonly benign?: string[];
  readonly baseRate?: number;
}

export function addScoreCommands(program: Command): void {
  addFollowOptions(program.command('score'))
    .description('score a file with the champion: a verdict a line')
    .argument('<detector>')
    .argument('<file>', 'a file, or - for standard input')
    .option('--out <file>', 'where to write; standard output when absent')
    .option('--json', 'NDJSON, whatever --format says; of flows and with --follow: the summary as JSON')
    .addOption(
      new Option(
        '--cells <style>',
        'cells of CSV that a spreadsheet would execute: defused by an apostrophe (default), or raw for machines',
      ).choices(cellStyles),
    )
    .option('--explain', 'add the reasons to each row (NDJSON)')
    .option('--ignore-columns <names>', 'unknown columns that may pass, separated by commas', commaList)
    .action((detector: string, file: string, given: ScoreOptions) => {
      if (given.follow) return followLog(detector, file, given);
      return runScoringCommand(async (app) => {
        const { out, json, ...options } = given;
        if (kindOf(app.get(ContractsService).get(detector)).flowLogs) {
          const summary = await scoreFlows(app.get(FlowFileScoringService), detector, file, given);
          return isNothingScored(summary) ? 2 : 0;
        }
        const reader = await app.get(UploadsService).openFile(file, detector);
        const format = json ? 'ndjson' : formatAmong(outputFormats, options.format);
        const scored = await app.get(FileScoringService).score(detector, reader, { ...options, format });
        await write(scored.chunks, out);
        for (const line of describeInput(scored.account())) process.stderr.write(`${line}\n`);
        return 0;
      });
    });

  program
    .command('evaluate')
    .description('measure a version on a labelled file')
    .argument('<detector>')
    .argument('<file>', 'a labelled file, or - for standard input')
    .option('--version <n>', 'a version; the champion when absent', wholeNumber(1))
    .option(
      '--base-rate <share>',
      'share of threats in traffic, for the precision there, as 0.001',
      shareBetween,
    )
    .option('--threat <labels>', 'labels that mean a threat in this file, separated by commas', commaList)
    .option('--benign <labels>', 'labels that mean something benign in it, separated by commas', commaList)
    .option('--json', 'print the result as JSON')
    .action((detector: string, file: string, { version, json, threat, benign, baseRate }: EvaluateOptions) =>
      runScoringCommand(async (app) => {
        const labels = labelWords(threat, benign);
        const reader = await app.get(UploadsService).openFile(file, detector);
        const result = await app.get(FileEvaluationService).evaluate(detector, reader, {
          version,
          labels,
          baseRate,
        });
        print(result, json, ({ intervals, confusion, input, warnings, atBaseRate, ...metrics }) => {
          const figures = metrics as unknown as Record<string, number | null>;
          const cell = (name: keyof Confusion): string => rowsWithInterval(confusion[name], intervals[name]);
          return [
            [
              `Version ${result.version} of ${detector} on ${result.rows} rows (${result.rejected} rejected)`,
              ...describeInput(input),
            ].join('\n'),
            ...warnings.map((warning) => `Warning: ${warning}`),
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
            ...(atBaseRate ? [baseRateText(atBaseRate)] : []),
          ].join('\n\n');
        });
      }),
    );
}

function baseRateText({
  baseRate,
  suspicious,
  malicious,
}: NonNullable<FileEvaluation['atBaseRate']>): string {
  const text = (precision: number | null): string => (precision === null ? 'no value' : precision.toFixed(4));
  return (
    `Where a share of ${baseRate} are threats, precision is ${text(suspicious)} from suspicious on ` +
    `and ${text(malicious)} from malicious on.`
  );
}

/** The rows of a log of flows, and its account, which is returned too: beside the rows when these go to standard output. */
async function scoreFlows(
  files: FlowFileScoringService,
  detector: string,
  file: string,
  { out, json, format, explain, cells, ignoreColumns }: ScoreOptions,
): Promise<FlowFileSummary> {
  if (format === 'csv' && !json) throw notForFlows('--format', 'is csv; logs of flows come back as NDJSON');
  if (cells) throw notForFlows('--cells', 'has no use; logs of flows come back as NDJSON');
  if (ignoreColumns) throw notForFlows('--ignore-columns', 'has no use; unknown fields of a log always pass');
  if (file !== '-') await requireFile(file);
  keepHeapSmall();
  const open = (): Readable => (file === '-' ? process.stdin : createReadStream(file));
  const { chunks, summary } = await files.score(detector, open, { ...(explain && { explain }) });
  await write(chunks, out);
  const account = summary();
  const text = json ? JSON.stringify(account) : describeFlowFile(account);
  (out === undefined ? process.stderr : process.stdout).write(`${text}\n`);
  return account;
}

function notForFlows(path: string, message: string): RequestInvalidError {
  return new RequestInvalidError([{ path, message }]);
}

/** @throws FileMissingError */
async function requireFile(file: string): Promise<void> {
  const state = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw new FileMissingError(file, error.code);
  });
  if (!state.isFile()) throw new FileMissingError(file, 'it is not a file');
}

async function write(chunks: AsyncIterable<string>, out: string | undefined): Promise<void> {
  if (out === undefined) await pipeline(Readable.from(chunks), process.stdout, { end: false });
  else await writeWhole(chunks, out);
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

/**
 * Keeps what a log of millions of lines leaves behind small: garbage is collected each time that the heap has grown by
 * half, not fourfold, as V8 would on a machine with much memory. Costs a log of flows no time that could be measured.
 */
function keepHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=50');
}
