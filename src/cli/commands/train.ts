import { type Command, Option } from 'commander';
import { mostFits, mostSeconds, type SearchMethod, searchMethods } from '../../detector/candidate.js';
import { promotionPolicies, type PromotionPolicy, type TrainingRun } from '../../runs/training-run.schema.js';
import { RunsService } from '../../runs/runs.service.js';
import { commandActor } from '../actor.js';
import { runCommand } from '../command-app.js';
import { commaList, wholeNumber } from '../options.js';
import { figure, print, table, withInterval } from '../output.js';
import { stageReporter } from '../../common/terminal/stage-reporter.js';

interface TrainOptions {
  readonly candidates?: string[];
  readonly seed?: number;
  readonly promote: PromotionPolicy;
  readonly search?: SearchMethod;
  readonly maxFits?: number;
  readonly maxSeconds?: number;
  readonly unlessUnchanged?: boolean;
  readonly json?: boolean;
}

export function addTrainCommand(program: Command): void {
  program
    .command('train')
    .description(
      'validate the data, train, compare, register and, if it passes the gate, promote a model version',
    )
    .argument('<detector>')
    .option('--candidates <names>', 'candidates of the contract to try, separated by commas', commaList)
    .option('--seed <n>', 'seed of everything random', wholeNumber(0, 4_294_967_295))
    .addOption(new Option('--promote <policy>', 'when to promote').choices(promotionPolicies).default('gate'))
    .addOption(
      new Option('--search <method>', "how to look for better options in the candidates' spaces").choices(
        searchMethods,
      ),
    )
    .option('--max-fits <n>', 'fits that the search may take', wholeNumber(1, mostFits))
    .option('--max-seconds <n>', 'cut the search short after so long', wholeNumber(1, mostSeconds))
    .option('--unless-unchanged', 'skip the run where neither data nor contract nor code changed')
    .option('--json', 'print the result as JSON')
    .action((detector: string, { json, ...order }: TrainOptions) =>
      runCommand(async (app) => {
        const observe = stageReporter(
          (line) => process.stderr.isTTY && process.stderr.write(`${line}\n`),
          process.stderr,
        );
        const run = await app.get(RunsService).train(detector, { ...order, actor: commandActor() }, observe);
        print(resultOf(run), json, () => showRun(run));
        return run.status === 'succeeded' || run.status === 'skipped' ? 0 : 1;
      }),
    );
}

function resultOf({
  _id,
  status,
  reason,
  version,
  promoted,
  evaluation,
  search,
  failure,
}: TrainingRun): object {
  const { metrics = null, intervals = null } = evaluation?.test ?? {};
  return {
    run: _id,
    status,
    version,
    promoted,
    metrics,
    intervals,
    ...(search && { search }),
    ...(reason !== null && { reason }),
    ...(failure && { failure }),
  };
}

function showRun(run: TrainingRun): string {
  const { evaluation, gate, reason, failure } = run;
  if (run.status === 'skipped') return `Run ${run._id} of ${run.detector} was skipped: ${reason}.`;
  const parts = [`Run ${run._id} of ${run.detector}: ${run.status}`, stagesTable(run)];
  if (run.candidates.length > 0) parts.push(candidatesTable(run), ...run.candidates.flatMap(showFound));
  if (evaluation) parts.push(metricsTable(evaluation));
  if (gate) {
    parts.push(`Gate: ${gate.passed ? 'passed' : 'not passed'}`);
    parts.push(...gate.checks.map(({ passed, message }) => `  ${passed ? 'ok ' : 'NO '} ${message}`));
    if (gate.notCompared) parts.push(`  not compared with a champion: ${gate.notCompared}`);
  }
  if (run.version !== null)
    parts.push(`Version ${run.version} is ${run.promoted ? 'the champion' : 'the challenger'}.`);
  if (failure) parts.push(`Failed in ${failure.stage ?? 'the queue'}: ${failure.message}`);
  return parts.join('\n\n').replaceAll('\n\n  ', '\n  ');
}

function stagesTable({ stages }: TrainingRun): string {
  return table(
    ['stage', 'status', 'seconds', 'found'],
    stages.map(({ name, status, durationMs, summary }) => [
      name,
      status,
      durationMs === null ? null : Number((durationMs / 1000).toFixed(2)),
      summary,
    ]),
  );
}

function candidatesTable({ candidates }: TrainingRun): string {
  return table(
    ['candidate', 'ROC AUC', '± sd', 'accuracy', 'F1', 'false-positive rate', 'fit s', 'trials', ''],
    candidates.map(({ name, mean, std, folds, tried, selected }) => [
      name,
      figure(mean.rocAuc),
      figure(std.rocAuc),
      figure(mean.accuracy),
      figure(mean.f1),
      figure(mean.falsePositiveRate),
      (folds.reduce((sum, { fitMs }) => sum + fitMs, 0) / folds.length / 1000).toFixed(2),
      tried,
      selected ? 'selected' : '',
    ]),
  );
}

/** The options with which a search beat a candidate's plain ones. */
function showFound({ name, options, trials: [plain] }: TrainingRun['candidates'][number]): string[] {
  const changed = Object.keys(plain.options).filter((option) => options[option] !== plain.options[option]);
  if (changed.length === 0) return [];
  const found = changed.map((option) => `${option} ${options[option]} (was ${plain.options[option]})`);
  return [`Found for ${name}: ${found.join(', ')}`];
}

function metricsTable({ validation, test }: NonNullable<TrainingRun['evaluation']>): string {
  const names = [
    'rocAuc',
    'averagePrecision',
    'recallAtFpr01',
    'accuracy',
    'precision',
    'recall',
    'f1',
    'falsePositiveRate',
    'brier',
  ] as const;
  return table(
    ['metric', 'validation (out of fold)', 'test'],
    names.map((name) => [
      name,
      withInterval(validation.metrics[name], validation.intervals[name]),
      withInterval(test.metrics[name], test.intervals[name]),
    ]),
  );
}
