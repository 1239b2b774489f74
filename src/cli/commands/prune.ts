import type { Command } from 'commander';
import { AuditService } from '../../access/audit.service.js';
import type { DetectorRetention, Freed, RetentionOutcome } from '../../retention/retention-outcome.schema.js';
import { RetentionService } from '../../retention/retention.service.js';
import { commandActor } from '../actor.js';
import { runCommand } from '../command-app.js';
import { print, table } from '../output.js';

interface PruneOptions {
  readonly dryRun?: boolean;
  readonly detector?: string;
  readonly json?: boolean;
}

export function addPruneCommand(program: Command): void {
  program
    .command('prune')
    .description("delete versions' bundles, runs and predictions that the retention policy does not keep")
    .option('--dry-run', 'say what would go and delete nothing')
    .option('--detector <name>', 'only of this detector')
    .option('--json', 'print the result as JSON')
    .action(({ dryRun, detector, json }: PruneOptions) =>
      runCommand(async (app) => {
        const retention = app.get(RetentionService);
        const actor = commandActor();
        if (dryRun) return print(await retention.plan(actor, detector), json, show);
        print(await retention.apply(actor, detector), json, show);
        await app.get(AuditService).record(actor, 'POST', '/v1/admin/retention', 200);
      }),
    );
}

function show({ dryRun, policy, detectors }: RetentionOutcome): string {
  const { versions, runsDays, predictionsDays } = policy;
  return [
    `The newest ${versions} versions, ${runsDays} days of runs and ${predictionsDays} days of predictions are kept.`,
    ...detectors.map((detector) => showDetector(detector, dryRun)),
  ].join('\n\n');
}

function showDetector(outcome: DetectorRetention, dryRun: boolean): string {
  const kinds = ['versions', 'runs', 'predictions'] as const;
  return [
    table(
      [outcome.detector, dryRun ? 'would go' : 'deleted', 'bytes'],
      kinds.map((kind) => [kind, ...figures(outcome[kind])]),
    ),
    table(
      ['version', 'created', '', 'why', 'bytes'],
      outcome.decisions.map(({ version, createdAt, kept, reasons, bytes }) => [
        version,
        createdAt.toISOString(),
        kept ? 'stays' : 'goes',
        reasons.join(', '),
        kept ? null : bytes,
      ]),
    ),
  ].join('\n\n');
}

function figures({ count, bytes }: Freed): [number, number] {
  return [count, bytes];
}
