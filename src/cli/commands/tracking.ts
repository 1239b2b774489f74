import type { Command } from 'commander';
import { type TrackingStatus, TrackingService } from '../../tracking/tracking.service.js';
import { runCommand } from '../command-app.js';
import { print, table } from '../output.js';

interface JsonOption {
  readonly json?: boolean;
}

export function addTrackingCommands(program: Command): void {
  const tracking = program.command('tracking').description('look after the mirror on an MLflow server');

  tracking
    .command('status')
    .description('show the server and what it has not received')
    .option('--json', 'print the result as JSON')
    .action(({ json }: JsonOption) =>
      runCommand(async (app) => print(await app.get(TrackingService).status(), json, showStatus)),
    );

  tracking
    .command('retry')
    .description('send again what the server refused')
    .argument('[ids...]', 'the only entries; all when absent')
    .option('--json', 'print the result as JSON')
    .action((ids: string[], { json }: JsonOption) =>
      runCommand(async (app) => {
        const retried = await app.get(TrackingService).retry(ids.length === 0 ? undefined : ids);
        print({ retried }, json, () => `${retried} entries wait again`);
      }),
    );

  tracking
    .command('sync')
    .description('deliver what waits now, without a server of ours running')
    .option('--json', 'print the result as JSON')
    .action(({ json }: JsonOption) =>
      runCommand(async (app) => {
        const outcome = await app.get(TrackingService).sync();
        print(outcome, json, (it) => [showStatus(it), ...it.left.map((what) => `left: ${what}`)].join('\n'));
        return outcome.left.length === 0 && outcome.problem === null ? 0 : 1;
      }),
    );
}

function showStatus({
  enabled,
  server,
  capabilities,
  problem,
  counts,
  dead,
  pending,
}: TrackingStatus): string {
  if (!enabled) return 'Tracking is off: MLFLOW_TRACKING_URI is not set.';
  const parts = capabilities && [
    capabilities.version ?? 'of unknown version',
    capabilities.registry ? 'with a model registry' : 'without a model registry',
    capabilities.artifacts ? 'takes artifacts' : 'takes no artifacts',
    ...(capabilities.loggedModels ? ['knows logged models'] : []),
    ...capabilities.forbidden.map((feature) => `forbids this user its ${feature}`),
  ];
  const entries = [...dead, ...pending].map((entry) => [
    entry.id,
    entry.status,
    entry.at.toISOString(),
    entry.attempts,
    entry.error,
  ]);
  return [
    `${server}: ${parts ? parts.join(', ') : problem}`,
    `${counts.delivered} delivered, ${counts.pending} waiting, ${counts.dead} given up`,
    ...(entries.length > 0 ? [table(['entry', 'status', 'of', 'attempts', 'error'], entries)] : []),
  ].join('\n');
}
