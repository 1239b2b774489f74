import { type Command, InvalidArgumentError } from 'commander';
import { CardsService } from '../../cards/cards.service.js';
import type { ComparedMetric, ComparedVersion, VersionComparison } from '../../cards/version-comparison.js';
import { runCommand } from '../command-app.js';
import { wholeNumber } from '../options.js';
import { figure, print, table, withInterval } from '../output.js';

const mostVersions = 10;

export function addCompareCommand(models: Command): void {
  models
    .command('compare')
    .description('versions side by side: metrics with intervals, what they were made from, options')
    .argument('<detector>')
    .argument('<versions...>', 'two to ten numbers; differences are from the first', collect)
    .option('--json', 'print the result as JSON')
    .action((detector: string, versions: number[], { json }: { json?: boolean }, command: Command) => {
      const distinct = [...new Set(versions)];
      if (distinct.length < 2 || distinct.length > mostVersions) {
        command.error(`error: name two to ${mostVersions} different versions`);
      }
      return runCommand(async (app) => {
        print(await app.get(CardsService).compare(detector, distinct), json, show);
      });
    });
}

function collect(text: string, before: number[] = []): number[] {
  try {
    return [...before, wholeNumber(1)(text)];
  } catch (error) {
    if (error instanceof InvalidArgumentError) throw new InvalidArgumentError(`'${text}' ${error.message}`);
    throw error;
  }
}

function show({ detector, versions, sameTestRows, metrics, options }: VersionComparison): string {
  const columns = versions.map(({ version }) => `version ${version}`);
  const differing = options.filter(({ differs }) => differs);
  return [
    `${detector}: ${sameTestRows ? 'measured on the same test rows' : 'NOT measured on the same test rows'}`,
    table(['metric (test part)', ...columns], metrics.map(metricRow)),
    table(
      ['', ...columns],
      facts.map(([name, fact]) => [name, ...versions.map(fact)]),
    ),
    differing.length === 0
      ? 'The options of the learners are the same.'
      : table(
          ['option that differs', ...columns],
          differing.map(({ option, values }) => [
            option,
            ...values.map((value) => (value === null ? null : String(value))),
          ]),
        ),
  ].join('\n\n');
}

function metricRow({ metric, values, intervals, differences }: ComparedMetric): string[] {
  const cells = values.map((value, i) => {
    const difference = differences[i];
    const signed =
      i === 0 || difference === null ? '' : ` (${difference < 0 ? '' : '+'}${figure(difference)})`;
    return `${withInterval(value, intervals[i])}${signed}`;
  });
  return [metric, ...cells];
}

const facts: readonly (readonly [string, (version: ComparedVersion) => string | null])[] = [
  ['candidate', ({ candidate }) => candidate],
  ['created', ({ createdAt }) => createdAt.toISOString()],
  ['data', ({ fingerprint }) => short(fingerprint)],
  ['rows', ({ rows }) => String(rows)],
  ['contract', ({ contractSha256 }) => short(contractSha256)],
  ['code', ({ codeVersion }) => codeVersion],
  ['seed', ({ seed }) => (seed === null ? null : String(seed))],
  ['suspicious from', ({ thresholds }) => figure(thresholds.suspicious)],
  ['malicious from', ({ thresholds }) => figure(thresholds.malicious)],
  ['bytes', ({ size }) => String(size)],
  ['bundle', ({ sha256 }) => short(sha256)],
];

function short(digest: string | null): string | null {
  return digest && digest.slice(0, 12);
}
