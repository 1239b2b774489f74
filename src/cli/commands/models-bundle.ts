import { createReadStream } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Command, Option } from 'commander';
import { FileMissingError, FileUnwritableError } from '../../ingestion/ingestion.errors.js';
import { BundleImportService, type ImportedVersion } from '../../registry/bundle-import.service.js';
import { RegistryService } from '../../registry/registry.service.js';
import { VersionImport } from '../../tracking/version-import.service.js';
import { commandActor } from '../actor.js';
import { type CommandApp, runCommand } from '../command-app.js';
import { wholeNumber } from '../options.js';
import { print } from '../output.js';

interface ImportOptions {
  readonly source?: string;
  readonly sourceVersion?: number;
  readonly fromMlflow?: string;
  readonly json?: boolean;
}

export function addBundleCommands(models: Command): void {
  models
    .command('export')
    .description("write a version's bundle to a file")
    .argument('<detector>')
    .argument('<version>', 'its number', wholeNumber(1))
    .argument('<file>')
    .option('--json', 'print the result as JSON')
    .action((detector: string, version: number, file: string, { json }: { json?: boolean }) =>
      runCommand(async (app) => {
        const registry = app.get(RegistryService);
        const row = await registry.getVersion(detector, version);
        const bytes = await registry.loadBytes(row);
        await writeFile(file, bytes).catch((error: NodeJS.ErrnoException) => {
          throw new FileUnwritableError(file, error.code);
        });
        const result = { detector, version, file, sha256: row.sha256, size: row.size };
        print(result, json, () => `${row.size} bytes written to ${file} (sha256 ${row.sha256})`);
      }),
    );

  models
    .command('import')
    .description('make a version of a bundle from elsewhere, once it has been verified')
    .argument('[detector]')
    .argument('[file]')
    .option('--source <text>', "where it comes from, for the lineage; the file's name when absent")
    .option('--source-version <n>', 'its number there', wholeNumber(1))
    .addOption(
      new Option(
        '--from-mlflow <uri>',
        'take it from the tracking server: models:/<name>@<alias> or models:/<name>/<version>',
      ).conflicts(['source', 'sourceVersion']),
    )
    .option('--json', 'print the result as JSON')
    .action(
      (detector: string | undefined, file: string | undefined, options: ImportOptions, command: Command) => {
        const { fromMlflow: uri, json } = options;
        if (uri !== undefined) {
          if (detector !== undefined)
            command.error('error: --from-mlflow names it all: no detector, no file');
          return runCommand(async (app) => {
            const imported = await app.get(VersionImport).import(uri, commandActor());
            print(resultOf(imported), json, () => sentenceOn(imported, uri));
          });
        }
        if (detector === undefined || file === undefined) {
          command.error('error: name a detector and a file, or --from-mlflow <uri>');
        }
        return runCommand(async (app) => {
          const imported = await importFile(app, detector, file, options);
          print(resultOf(imported), json, () => sentenceOn(imported, file));
        });
      },
    );
}

async function importFile(
  app: CommandApp,
  detector: string,
  file: string,
  { source, sourceVersion }: ImportOptions,
): Promise<ImportedVersion> {
  const announced = await sizeOf(file);
  const upload = { stream: createReadStream(file), announced };
  const origin = { source: source ?? basename(file), version: sourceVersion ?? null, by: commandActor() };
  return app.get(BundleImportService).receive(detector, upload, origin);
}

function resultOf({ version: row, created }: ImportedVersion): object {
  const { detector, version, sha256, size } = row;
  return { detector, version, created, sha256, size };
}

function sentenceOn({ version: row, created }: ImportedVersion, from: string): string {
  const { detector, version, sha256 } = row;
  return created
    ? `version ${version} of ${detector} made of ${from} (sha256 ${sha256})`
    : `version ${version} of ${detector} has this bundle already (sha256 ${sha256})`;
}

/** @throws FileMissingError */
async function sizeOf(file: string): Promise<number> {
  const state = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw new FileMissingError(file, error.code);
  });
  if (!state.isFile()) throw new FileMissingError(file, 'it is not a file');
  return state.size;
}
