import type { Command } from 'commander';
import { type MonitoringReport, MonitoringService } from '../../monitoring/monitoring.service.js';
import type { Rate } from '../../monitoring/window-report.js';
import { runCommand } from '../command-app.js';
import { moment } from '../options.js';
import { figure, print, table, withInterval } from '../output.js';

export function addMonitorCommand(program: Command): void {
  program
    .command('monitor')
    .description('show how each version scored, how right it was, how versions agree, drift, and the watch')
    .argument('<detector>')
    .option('--since <time>', 'beginning of the window (ISO 8601); a day ago when absent', moment)
    .option('--json', 'print the result as JSON')
    .action((detector: string, { since, json }: { since?: Date; json?: boolean }) =>
      runCommand(async (app) => {
        print(await app.get(MonitoringService).report(detector, since), json, show);
      }),
    );
}

function show(report: MonitoringReport): string {
  const { detector, since, until, champion, predictions, canary, watch } = report;
  return [
    `${detector}: ${predictions} predictions from ${since.toISOString()} to ${until.toISOString()}; ` +
      `the champion is ${champion === null ? 'not set' : `version ${champion}`}`,
    ...(report.versions.length > 0 ? [versionsTable(report)] : []),
    ...(report.shadows.length > 0 ? [shadowsTable(report)] : []),
    ...(canary
      ? [`Version ${canary.version} answered ${rate(canary.servedShare)} of the records as a canary`]
      : []),
    driftLine(report),
    ...(watch ? [watchText(watch)] : []),
  ].join('\n\n');
}

function versionsTable({ versions }: MonitoringReport): string {
  return table(
    [
      'version',
      'predictions',
      'benign',
      'suspicious',
      'malicious',
      'threat rate',
      'mean',
      'precision',
      'recall',
    ],
    versions.map(({ version, predictions, verdictShares, threatRate, meanProbability, feedback }) => [
      version,
      predictions,
      ...[verdictShares.benign, verdictShares.suspicious, verdictShares.malicious].map(figure),
      rate(threatRate),
      figure(meanProbability),
      `${rate(feedback.precision)} of ${feedback.precision.of}`,
      `${rate(feedback.recall)} of ${feedback.recall.of}`,
    ]),
  );
}

function shadowsTable({ shadows }: MonitoringReport): string {
  return table(
    ['answered', 'shadow', 'compared', 'agreement', 'benign to threat', 'threat to benign'],
    shadows.map(({ version, shadow, compared, agreement, benignToThreat, threatToBenign }) => [
      version,
      shadow,
      compared,
      rate(agreement),
      benignToThreat,
      threatToBenign,
    ]),
  );
}

function driftLine({ drift }: MonitoringReport): string {
  if (!drift) return 'Without a champion there is no drift to show.';
  const { currentRows, referenceRows, version, enough, driftByColumns } = drift;
  const drifted = Object.entries(driftByColumns)
    .filter(([, { driftDetected }]) => driftDetected)
    .map(([name, { driftScore }]) => `${name} (${figure(driftScore)})`);
  const found = !enough ? 'too few to call anything drift' : drifted.join(', ') || 'no column drifted';
  return `The latest ${currentRows} records against the ${referenceRows} that version ${version} was trained on: ${found}`;
}

function watchText(watch: NonNullable<MonitoringReport['watch']>): string {
  const { version, previous, until, status, reason, checks } = watch;
  const how = status === 'watching' ? `until ${until.toISOString()}` : reason;
  const rows = checks.map(({ name, value, reference, interval, limit, left }) => [
    name,
    figure(value),
    figure(reference),
    interval ? `[${figure(interval[0])}, ${figure(interval[1])}]` : null,
    limit,
    left ? 'LEFT' : '',
  ]);
  const checked =
    rows.length === 0 ? '' : `\n${table(['check', 'value', 'before', 'interval', 'limit', ''], rows)}`;
  return `Watch over version ${version} after version ${previous}: ${status}; ${how}${checked}`;
}

function rate({ value, interval }: Rate): string {
  return withInterval(value, interval);
}
