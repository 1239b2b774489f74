import { type Command, Option } from 'commander';
import { RequestInvalidError } from '../../common/errors.js';
import { withId } from '../../common/with-id.js';
import { type TrialMode, trialModes } from '../../registry/challenger-mode.js';
import type { Deployment } from '../../registry/deployment.schema.js';
import { ModelCatalogue } from '../../registry/model-catalogue.js';
import type { MovePreview } from '../../registry/moves.js';
import type { ServedDto } from '../../registry/registry.dto.js';
import { RegistryService } from '../../registry/registry.service.js';
import { commandActor } from '../actor.js';
import { runCommand } from '../command-app.js';
import { moment, number, wholeNumber } from '../options.js';
import { print } from '../output.js';

interface MoveOptions {
  readonly expectedChampion?: number;
  readonly reason?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export function addMoveCommands(models: Command): void {
  moveOptions(
    models
      .command('promote')
      .description('make a version the champion')
      .argument('<detector>')
      .argument('<version>', 'its number', wholeNumber(1)),
  ).action((detector: string, version: number, { json, dryRun, ...given }: MoveOptions) =>
    runCommand(async (app) => {
      const registry = app.get(RegistryService);
      const order = { ...given, actor: commandActor() };
      if (dryRun) return showPreview(await registry.previewPromote(detector, version, order), json);
      print(withId(await registry.promote(detector, version, order)), json, showMove);
    }),
  );

  moveOptions(
    models
      .command('rollback')
      .description('go back to what served before the champion, to a version, or to what served at a time')
      .argument('<detector>')
      .argument('[version]', 'its number', wholeNumber(1))
      .option('--served-at <time>', 'go back to what served then (ISO 8601)', moment),
  ).action(
    (
      detector: string,
      version: number | undefined,
      { json, dryRun, servedAt, ...given }: MoveOptions & { servedAt?: Date },
    ) =>
      runCommand(async (app) => {
        const registry = app.get(RegistryService);
        const order = { ...given, actor: commandActor() };
        const target = { version, servedAt };
        if (dryRun) return showPreview(await registry.previewRollback(detector, order, target), json);
        print(withId(await registry.rollback(detector, order, target)), json, showMove);
      }),
  );

  moveOptions(
    models
      .command('challenge')
      .description('try a version beside the champion, or end the trial: challenge <detector> none')
      .argument('<detector>')
      .argument('<version>', "its number, or 'none'", versionOrNone),
  )
    .addOption(
      new Option(
        '--mode <mode>',
        'shadow: scores the same records behind the answers; canary: answers a share of them',
      ).choices(trialModes),
    )
    .option('--share <n>', 'share that a canary answers, above 0 and at most 1', number)
    .action(
      (
        detector: string,
        version: number | null,
        { json, dryRun, ...given }: MoveOptions & { mode?: TrialMode; share?: number },
      ) =>
        runCommand(async (app) => {
          requireMode(version, given.mode);
          const registry = app.get(RegistryService);
          const order = { ...given, actor: commandActor() };
          if (dryRun) return showPreview(await registry.previewChallenge(detector, version, order), json);
          print(withId(await registry.challenge(detector, version, order)), json, showMove);
        }),
    );

  models
    .command('served')
    .description('which version served at a time, and the move by which it came to serve')
    .argument('<detector>')
    .option('--at <time>', 'the time (ISO 8601); now when absent', moment)
    .option('--json', 'print the result as JSON')
    .action((detector: string, { at, json }: { at?: Date; json?: boolean }) =>
      runCommand(async (app) => {
        print(await app.get(ModelCatalogue).served(detector, at), json, showServed);
      }),
    );
}

function moveOptions(command: Command): Command {
  return command
    .option('--expected-champion <n>', 'refuse when another version is the champion by now', wholeNumber(1))
    .option('--reason <text>', 'why, for the ledger')
    .option('--dry-run', 'say what would happen and change nothing')
    .option('--json', 'print the result as JSON');
}

function versionOrNone(text: string): number | null {
  return text === 'none' ? null : wholeNumber(1)(text);
}

/** Without a mode a challenger would wait for nothing. */
function requireMode(version: number | null, mode?: TrialMode): void {
  if (version === null || mode) return;
  const message = `is needed: ${trialModes.join(' or ')}`;
  throw new RequestInvalidError([{ path: '--mode', message }], 'Say how to try the version.');
}

function showMove(move: Pick<Deployment, keyof MovePreview & keyof Deployment>): string {
  const { detector, alias, from, to, kind } = move;
  return `${kind}: the ${alias} of ${detector} was ${place(from)} and is ${place(to)} now${showMode(move)}`;
}

function place(version: number | null): string {
  return version === null ? 'unset' : `version ${version}`;
}

function showMode({ mode, share = 0 }: Pick<Deployment, 'mode' | 'share'>): string {
  if (mode === 'shadow') return ', in the shadow';
  if (mode === 'canary')
    return `, a canary that answers ${Number((share * 100).toPrecision(6))} % of the traffic`;
  return '';
}

/** Returns the exit code: 1 where a check fails. */
function showPreview(preview: MovePreview, json?: boolean): number {
  print(preview, json, ({ kind, alias, detector, from, to, checks }) =>
    [
      `${kind}: the ${alias} of ${detector} would go from ${place(from)} to ${place(to)}${showMode(preview)}`,
      ...checks.map(({ passed, message }) => `  ${passed ? 'ok ' : 'NO '} ${message}`),
    ].join('\n'),
  );
  return preview.checks.every(({ passed }) => passed) ? 0 : 1;
}

function showServed({ detector, at, version, deployment }: ServedDto): string {
  if (!deployment) return `No version of ${detector} served at ${at.toISOString()}.`;
  const { kind, actor, reason, at: since, move } = deployment;
  const why = reason === '' ? '' : ` (${reason})`;
  return (
    `Version ${version} of ${detector} served at ${at.toISOString()}: ` +
    `${kind} by ${actor} at ${since.toISOString()}, move ${move}${why}`
  );
}
