import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Deployment } from '../../registry/deployment.schema.js';
import { ModelCatalogue } from '../../registry/model-catalogue.js';
import type { ModelVersionDto } from '../../registry/registry.dto.js';
import { RegistryService } from '../../registry/registry.service.js';
import { runCommand } from '../command-app.js';
import { type PageOptions, pageOptions, wholeNumber } from '../options.js';
import { figure, print, table, withInterval } from '../output.js';

interface MoveOptions {
  readonly expectedChampion?: number;
  readonly reason?: string;
  readonly json?: boolean;
}

const actor = 'command line';

export function addModelsCommands(program: Command): void {
  const models = program.command('models').description('list, show, promote and roll back model versions');

  pageOptions(
    models.command('list').description("list a detector's versions, newest first").argument('<detector>'),
  ).action((detector: string, { json, ...query }: PageOptions) =>
    runCommand(async (app) => {
      print(await app.get(ModelCatalogue).versions(detector, query), json, ({ items }) =>
        versionsTable(items),
      );
    }),
  );

  models
    .command('show')
    .description('show one version')
    .argument('<detector>')
    .argument('<version>', 'its number', wholeNumber(1))
    .option('--json', 'print the result as JSON')
    .action((detector: string, version: number, { json }: MoveOptions) =>
      runCommand(async (app) => {
        print(await app.get(ModelCatalogue).version(detector, version), json, showVersion);
      }),
    );

  moveOptions(
    models
      .command('promote')
      .description('make a version the champion')
      .argument('<detector>')
      .argument('<version>', 'its number', wholeNumber(1)),
  ).action((detector: string, version: number, { json, ...order }: MoveOptions) =>
    runCommand(async (app) => {
      print(await app.get(RegistryService).promote(detector, version, { ...order, actor }), json, showMove);
    }),
  );

  moveOptions(
    models
      .command('rollback')
      .description('go back to what served before the champion, or to a version')
      .argument('<detector>')
      .argument('[version]', 'its number', wholeNumber(1)),
  ).action((detector: string, version: number | undefined, { json, ...order }: MoveOptions) =>
    runCommand(async (app) => {
      print(await app.get(RegistryService).rollback(detector, { ...order, actor }, version), json, showMove);
    }),
  );

  models
    .command('export')
    .description("write a version's bundle to a file")
    .argument('<detector>')
    .argument('<version>', 'its number', wholeNumber(1))
    .argument('<file>')
    .option('--json', 'print the result as JSON')
    .action((detector: string, version: number, file: string, { json }: MoveOptions) =>
      runCommand(async (app) => {
        const registry = app.get(RegistryService);
        const row = await registry.getVersion(detector, version);
        await writeFile(file, await registry.loadBytes(row));
        const result = { detector, version, file, sha256: row.sha256, size: row.size };
        print(result, json, () => `${row.size} bytes written to ${file} (sha256 ${row.sha256})`);
      }),
    );
}

function moveOptions(command: Command): Command {
  return command
    .option('--expected-champion <n>', 'refuse when another version is the champion by now', wholeNumber(1))
    .option('--reason <text>', 'why, for the ledger')
    .option('--json', 'print the result as JSON');
}

function versionsTable(versions: readonly ModelVersionDto[]): string {
  return table(
    ['version', 'aliases', 'candidate', 'ROC AUC', 'accuracy', 'created', 'sha256'],
    versions.map(({ version, aliases, candidate, metrics, createdAt, sha256 }) => {
      const { rocAuc, accuracy } = metrics as Record<string, number | null>;
      const created = createdAt.toISOString();
      return [
        version,
        aliases.join(', '),
        candidate,
        figure(rocAuc),
        figure(accuracy),
        created,
        sha256.slice(0, 12),
      ];
    }),
  );
}

function showVersion(version: ModelVersionDto): string {
  const metrics = version.metrics as Record<string, number | null>;
  const intervals = version.intervals as Record<string, readonly [number, number] | null>;
  return [
    `Version ${version.version} of ${version.detector} ${version.aliases.map((alias) => `(${alias})`).join(' ')}`,
    `${version.candidate}, ${version.size} bytes, sha256 ${version.sha256}, made ${version.createdAt.toISOString()}`,
    table(
      ['metric', 'test part'],
      Object.keys(intervals).map((name) => [name, withInterval(metrics[name], intervals[name])]),
    ),
    `lineage ${JSON.stringify(version.lineage)}`,
  ].join('\n\n');
}

function showMove({ detector, alias, from, to, kind }: Deployment): string {
  return `${kind}: the ${alias} of ${detector} was ${from === null ? 'unset' : `version ${from}`} and is version ${to} now`;
}
