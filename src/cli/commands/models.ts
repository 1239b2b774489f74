import { type Command, Option } from 'commander';
import type { Intervals } from '../../ml/bootstrap.js';
import { type MetricName, metricNames } from '../../ml/metrics.js';
import { ModelCatalogue } from '../../registry/model-catalogue.js';
import type { ModelVersionDto } from '../../registry/versions.dto.js';
import { runCommand } from '../command-app.js';
import { moment, number, type PageOptions, pageOptions, wholeNumber } from '../options.js';
import { figure, print, table, withInterval } from '../output.js';
import { addBundleCommands } from './models-bundle.js';
import { addCardCommand } from './models-card.js';
import { addCompareCommand } from './models-compare.js';
import { addMoveCommands } from './models-moves.js';
import { addNoteCommands, notesOf } from './models-notes.js';
import { addPreviewCommand } from './preview.js';

interface ListOptions extends PageOptions {
  readonly metric?: MetricName;
  readonly min?: number;
  readonly max?: number;
  readonly tag?: string;
  readonly from?: Date;
  readonly to?: Date;
  readonly candidate?: string;
}

export function addModelsCommands(program: Command): void {
  const models = program
    .command('models')
    .description('list, show, compare, describe, promote, roll back, export and import model versions');

  pageOptions(
    models.command('list').description("list a detector's versions, newest first").argument('<detector>'),
  )
    .addOption(new Option('--metric <name>', 'with --min or --max: limits this metric').choices(metricNames))
    .option('--min <n>', 'least value of the metric', number)
    .option('--max <n>', 'greatest value of the metric', number)
    .option('--tag <key[:value]>', 'with this tag')
    .option('--from <time>', 'made then or later (ISO 8601)', moment)
    .option('--to <time>', 'made before (ISO 8601)', moment)
    .option('--candidate <name>', 'of this candidate')
    .action((detector: string, { json, ...query }: ListOptions) =>
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
    .action((detector: string, version: number, { json }: { json?: boolean }) =>
      runCommand(async (app) => {
        print(await app.get(ModelCatalogue).version(detector, version), json, showVersion);
      }),
    );

  addMoveCommands(models);
  addCompareCommand(models);
  addPreviewCommand(models);
  addNoteCommands(models);
  addCardCommand(models);
  addBundleCommands(models);
}

function versionsTable(versions: readonly ModelVersionDto[]): string {
  return table(
    ['version', 'aliases', 'candidate', 'ROC AUC', 'accuracy', 'created', 'sha256', 'tags'],
    versions.map(({ version, aliases, candidate, metrics, createdAt, sha256, tags, pruned }) => {
      const { rocAuc, accuracy } = metrics;
      return [
        version,
        pruned ? 'pruned' : aliases.join(', '),
        candidate,
        figure(rocAuc),
        figure(accuracy),
        createdAt.toISOString(),
        sha256.slice(0, 12),
        tags.map(({ key, value }) => `${key}:${value}`).join(' '),
      ];
    }),
  );
}

function intervalNames({ intervals }: ModelVersionDto): (keyof Intervals)[] {
  return Object.keys(intervals) as (keyof Intervals)[];
}

function showVersion(version: ModelVersionDto): string {
  const { pruned, intervals } = version;
  const figures = { ...version.metrics, ...version.metrics.confusion };
  return [
    `Version ${version.version} of ${version.detector} ${version.aliases.map((alias) => `(${alias})`).join(' ')}`,
    ...(pruned ? [`pruned by ${pruned.by} at ${pruned.at.toISOString()}: ${pruned.reason}`] : []),
    `${version.candidate}, ${version.size} bytes, sha256 ${version.sha256}, made ${version.createdAt.toISOString()}`,
    table(
      ['metric', 'test part'],
      intervalNames(version).map((name) => [name, withInterval(figures[name], intervals[name])]),
    ),
    notesOf(version),
    `lineage ${JSON.stringify(version.lineage)}`,
  ].join('\n\n');
}
