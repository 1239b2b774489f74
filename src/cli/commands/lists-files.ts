import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import { FileMissingError } from '../../ingestion/ingestion.errors.js';
import { ListChangesService, type ManyReport, type ReadPlaced } from '../../lists/list-changes.service.js';
import { type ListName, listNames, type MatchKind, matchKinds } from '../../lists/list-entry.schema.js';
import { type ExportFormat, exportFormats, writeList } from '../../lists/list-export.js';
import { ListImportService } from '../../lists/list-import.service.js';
import { commandActor } from '../actor.js';
import { runCommand } from '../command-app.js';
import { momentAhead } from '../options.js';
import { print, table } from '../output.js';

interface ImportOptions {
  readonly list?: ListName;
  readonly match?: MatchKind;
  readonly note?: string;
  readonly expires?: Date;
  readonly replace?: boolean;
  readonly skipFaults?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export function matchOption(): Option {
  const described = 'what the values are; read from each when absent';
  return new Option('--match <kind>', described).choices(matchKinds.filter((kind) => kind !== 'brand'));
}

export function addListFileCommands(lists: Command): void {
  lists
    .command('import')
    .description(
      'put a whole file on the lists: plain, hosts, Adblock domain rules, CSV, or a warning list of MISP',
    )
    .argument('<file>', 'its path, or - for standard input')
    .addOption(new Option('--list <list>', 'the list of lines that name none').choices(listNames))
    .addOption(matchOption())
    .option('--note <text>', 'why; what stands behind a line’s # when absent')
    .option('--expires <when>', 'from now, such as 90d or 4h, or a date', momentAhead)
    .option('--replace', 'entries of the other list give way')
    .option('--skip-faults', 'store the other lines where some have faults')
    .option('--dry-run', 'say what each line becomes, and store nothing')
    .option('--json', 'print the result as JSON')
    .action((file: string, options: ImportOptions) => importFile(file, options));

  lists
    .command('export')
    .description('write all entries, oldest first')
    .addOption(
      new Option('--format <format>', 'csv keeps all; the others what they have words for')
        .choices(exportFormats)
        .default('csv'),
    )
    .addOption(new Option('--list <list>', 'only this list').choices(listNames))
    .option('--out <file>', 'write here and not to standard output')
    .action(({ format, list, out }: { format: ExportFormat; list?: ListName; out?: string }) =>
      runCommand(async (app) => {
        const text = Readable.from(writeList(app.get(ListChangesService).all(list), format));
        if (out === undefined) for await (const piece of text) process.stdout.write(piece as string);
        else await pipeline(text, createWriteStream(out));
      }),
    );
}

function importFile(file: string, options: ImportOptions): Promise<void> {
  const { json, dryRun = false, replace = false, skipFaults = false, expires, ...defaults } = options;
  return runCommand(async (app) => {
    const bytes = await bytesOfFile(file);
    const report = await app
      .get(ListImportService)
      .file(bytes, { ...defaults, ...(expires && { expiresAt: expires }) }, commandActor(), {
        dryRun,
        replace,
        skipFaults,
      });
    print(report, json, manyText);
    // As without a dry run.
    return report.faulty > 0 && !skipFaults ? 2 : 0;
  });
}

/** @throws FileMissingError */
export async function bytesOfFile(file: string): Promise<Buffer> {
  if (file === '-') return buffer(process.stdin);
  try {
    return await readFile(file);
  } catch (error) {
    throw new FileMissingError(file, (error as NodeJS.ErrnoException).code);
  }
}

/** What became of many values, for a person; of a dry run with what each becomes. */
export function manyText(report: ManyReport): string {
  const { dryRun, lines, stored, known, leftOut, faulty, faults, becomes } = report;
  const counts = `${lines} lines: ${stored} entries ${dryRun ? 'would be ' : ''}stored, ${known} known, ${leftOut} left out, ${faulty} faulty`;
  if (becomes) return [becomesTable(becomes), '', counts].join('\n');
  return [counts, ...faults.map(({ line, message }) => (line ? `line ${line}: ${message}` : message))].join(
    '\n',
  );
}

function becomesTable(becomes: readonly ReadPlaced[]): string {
  const shown = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);
  return table(
    ['line', 'text', 'list', 'match', 'becomes'],
    becomes.flatMap(({ line, text, entries, leftOut, fault }) => {
      const rows = entries.map(({ list, match, value }) => [line, shown(text), list, match, value]);
      if (fault !== null) return [[line, shown(text), '-', 'fault', fault]];
      return leftOut === null ? rows : [[line, shown(text), '-', 'left out', leftOut]];
    }),
  );
}
