import { type Command, Option } from 'commander';
import {
  promotionPolicies,
  type PromotionPolicy,
  type TrainingRun,
} from '../../training/training-run.schema.js';
import { TrainingService } from '../../training/training.service.js';
import { runCommand } from '../command-app.js';
import { commaList, wholeNumber } from '../options.js';
import { figure, print, table, withInterval } from '../output.js';
import { stageReporter } from '../stage-reporter.js';

interface TrainOptions {
  readonly candidates?: string[];
  readonly seed?: number;
  readonly promote: PromotionPolicy;
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
    .option('--json', 'print the result as JSON')
    .action((detector: string, { json, ...order }: TrainOptions) =>
      runCommand(async (app) => {
        const observe = stageReporter(
          (line) => process.stderr.isTTY && process.stderr.write(`${line}\n`),
          process.stderr,
        );
        const run = await app
          .get(TrainingService)
          .train(detector, { ...order, actor: 'command line' }, observe);
        print(resultOf(run), json, () => showRun(run));
        return run.status === 'succeeded' ? 0 : 1;
      }),
    );
}

function resultOf({ _id, status, version, promoted, evaluation, failure }: TrainingRun): object {
  const { metrics = null, intervals = null } = evaluation?.test ?? {};
  return { run: _id, status, version, promoted, metrics, intervals, ...(failure && { failure }) };
}

function showRun(run: TrainingRun): string {
  const { evaluation, gate, failure } = run;
  const parts = [`Run ${run._id} of ${run.detector}: ${run.status}`, stagesTable(run)];
  if (run.candidates.length > 0) parts.push(candidatesTable(run));
  if (evaluation) parts.push(metricsTable(evaluation));
  if (gate) {
    parts.push(`Gate: ${gate.passed ? 'passed' : 'not passed'}`);
    parts.push(...gate.checks.map(({ passed, message }) => `  ${passed ? 'ok ' : 'NO '} ${message}`));
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
    ['candidate', 'ROC AUC', '± sd', 'accuracy', 'F1', 'false-positive rate', 'fit s', ''],
    candidates.map(({ name, mean, std, folds, selected }) => [
      name,
      figure(mean.rocAuc),
      figure(std.rocAuc),
      figure(mean.accuracy),
      figure(mean.f1),
      figure(mean.falsePositiveRate),
      (folds.reduce((sum, { fitMs }) => sum + fitMs, 0) / folds.length / 1000).toFixed(2),
      selected ? 'selected' : '',
    ]),
  );
}

function metricsTable({ validation, test }: NonNullable<TrainingRun['evaluation']>): string {
  const names = [
    'rocAuc',
    'averagePrecision',
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
