import { type Command, Option } from 'commander';
import { type AlertFormat, alertFormats } from '../../following/alerts/alert-formats.js';
import { ResendingService } from '../../following/resending.service.js';
import { runCommand } from '../command-app.js';
import { print, table } from '../output.js';

/** How long a receiver may be away. */
const patienceMs = 60_000;

export function addAlertsCommands(program: Command): void {
  const alerts = program
    .command('alerts')
    .description('alerts that receivers refused and that were set aside');

  alerts
    .command('list')
    .description('list them, a batch a line, with the reason')
    .option('--json', 'print the result as JSON')
    .action(({ json }: { json?: boolean }) =>
      runCommand(async (app) => {
        const batches = await app.get(ResendingService).list();
        print({ batches }, json, () =>
          table(
            ['batch', 'receiver', 'at', 'alerts', 'reason'],
            batches.map(({ id, receiver, at, alerts: held, reason }) => [
              id,
              receiver,
              at,
              held.length,
              reason,
            ]),
          ),
        );
      }),
    );

  alerts
    .command('send')
    .description('send them again: all that a receiver refused, or the batches that are named')
    .argument('[ids...]', 'batches')
    .requiredOption('--to <address>', 'https://…, syslog+tcp://host:port or syslog+tls://host:port')
    .addOption(new Option('--format <format>', 'ndjson, ecs or cef (for syslog)').choices(alertFormats))
    .option('--json', 'print the result as JSON')
    .action((ids: string[], { json, ...order }: { to: string; format?: AlertFormat; json?: boolean }) =>
      runCommand(async (app) => {
        const result = await app
          .get(ResendingService)
          .resend({ ...order, ids }, AbortSignal.timeout(patienceMs));
        print(result, json, ({ sent, refused }) => `${sent} alerts sent, ${refused} refused again`);
        return result.refused > 0 ? 1 : 0;
      }),
    );
}
