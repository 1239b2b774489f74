import type { Command } from 'commander';
import { type DetectorSchedule, ScheduleService } from '../../scheduling/schedule.service.js';
import { runCommand } from '../command-app.js';
import { print, table } from '../output.js';

export function addScheduleCommands(program: Command): void {
  program
    .command('schedule')
    .description('show when detectors are trained again without anyone asking')
    .command('list')
    .description('list times, last runs and what may start the next one')
    .option('--json', 'print the result as JSON')
    .action(({ json }: { json?: boolean }) =>
      runCommand(async (app) => {
        print(await app.get(ScheduleService).list(), json, showSchedule);
      }),
    );
}

function showSchedule(schedules: readonly DetectorSchedule[]): string {
  const times = table(
    ['detector', 'cron', 'zone', 'next slot', 'last run', 'of', 'ended', 'version'],
    schedules.map(({ detector, cron, timeZone, nextSlot, lastRun }) => [
      detector,
      cron,
      timeZone,
      timeOf(nextSlot),
      lastRun?.status ?? null,
      timeOf(lastRun?.createdAt),
      timeOf(lastRun?.finishedAt),
      lastRun?.version ?? null,
    ]),
  );
  const triggers = table(
    ['detector', 'new records', 'start a run', 'drift', 'starts a run', 'cool-down until', 'budget left'],
    schedules.map(({ detector, triggers: { newRecords, drift, coolDownUntil, budget } }) => [
      detector,
      newRecords.count,
      newRecords.limit,
      highestShare(drift.samples),
      drift.limit,
      timeOf(coolDownUntil),
      `${budget.left} of ${budget.daily}`,
    ]),
  );
  return [times, triggers, ...schedules.flatMap(reasonsOf)].join('\n\n');
}

/** Why the last slot, the last run or the last trigger came to nothing. */
function reasonsOf({ detector, lastSlot, lastRun, triggers: { held } }: DetectorSchedule): string[] {
  const reasons: string[] = [];
  if (lastSlot?.reason) reasons.push(`the slot at ${timeOf(lastSlot.at)} was skipped: ${lastSlot.reason}`);
  if (lastRun?.reason) reasons.push(`the run ${lastRun.id} was ${lastRun.status}: ${lastRun.reason}`);
  if (lastRun?.failure) reasons.push(`the run ${lastRun.id} ${lastRun.status}: ${lastRun.failure.message}`);
  if (held) reasons.push(`${held.detail}, but ${held.reason}`);
  return reasons.map((reason) => `${detector}: ${reason}`);
}

function highestShare(samples: DetectorSchedule['triggers']['drift']['samples']): number | null {
  const shares = samples.flatMap(({ share }) => share ?? []);
  return shares.length > 0 ? Number(Math.max(...shares).toFixed(4)) : null;
}

function timeOf(moment: Date | null | undefined): string | null {
  return moment?.toISOString() ?? null;
}
