import { rocLine } from './curve-reading.js';
import { code, heading, joined, type Markdown, markup, strong, table } from './markdown.js';
import { figureOf, labelOf, metricsIn } from './metric-labels.js';
import type { ModelSelection } from './model-card.js';
import { count, duration, figure, percent } from './number-text.js';
import type { CandidateRecord, CardOptions, SearchRecord, TrialRecord } from './training-record.js';

/** The rule, the candidates' scores, fold by fold, and the options that were tried. */
export function selectionSection(selection: ModelSelection): Markdown[] {
  const { metric, rule, candidates, search } = selection;
  return [
    heading(2, 'Model selection'),
    markup`${rule}`,
    scoresTable(selection),
    markup`Means over the folds ± standard deviation, at a threshold of 0.5. ${labelOf(metric)} of each fold:`,
    foldsTable(selection),
    optionsTable(candidates),
    ...curvesOf(candidates),
    ...(search ? [searchText(search)] : []),
    ...trialsSection(selection),
  ];
}

/** A learner's options, each as code. */
export function optionsText(options: CardOptions): Markdown {
  return joined(Object.entries(options).map(([name, value]) => code(`${name}=${value}`)));
}

/** Metrics shown of each candidate, beside the one that decided. */
const comparedMetrics = ['rocAuc', 'averagePrecision', 'accuracy', 'f1', 'falsePositiveRate'];

function scoresTable({ metric, candidates }: ModelSelection): Markdown {
  const others = metricsIn(candidates[0].mean).filter((name) => comparedMetrics.includes(name));
  const shown = [...new Set([metric, ...others])];
  return table(
    ['candidate', ...shown.map(labelOf), 'fit time a fold'],
    candidates.map((candidate) => [
      nameOf(candidate),
      ...shown.map((name) => meanAndDeviation(candidate, name)),
      duration(meanFitMs(candidate)),
    ]),
    `l${'r'.repeat(shown.length + 1)}`,
  );
}

function foldsTable({ metric, candidates }: ModelSelection): Markdown {
  const folds = candidates[0].folds.map((_, k) => k);
  return table(
    ['candidate', ...folds.map((k) => k + 1)],
    candidates.map((candidate) => [
      nameOf(candidate),
      ...folds.map((k) => figure(figureOf(candidate.folds[k]?.metrics, metric))),
    ]),
    `l${'r'.repeat(folds.length)}`,
  );
}

function optionsTable(candidates: readonly CandidateRecord[]): Markdown {
  return table(
    ['candidate', 'learner', 'imputer', 'encoder', 'tried', 'options'],
    candidates.map((candidate) => [
      nameOf(candidate),
      code(candidate.learner),
      candidate.imputer,
      candidate.encoder,
      count(candidate.tried ?? 1),
      optionsText(candidate.options),
    ]),
    'llllrl',
  );
}

function curvesOf(candidates: readonly CandidateRecord[]): Markdown[] {
  const drawn = candidates.filter(({ curves }) => curves?.roc?.length);
  if (drawn.length === 0) return [];
  return [
    markup`Recall of the out-of-fold predictions over false-positive rates from 0.1 % to 100 %, on a logarithmic scale:`,
    table(
      ['candidate', 'ROC'],
      drawn.map((candidate) => [nameOf(candidate), code(rocLine(candidate.curves!.roc!))]),
      'll',
    ),
  ];
}

function searchText({ method, fits, seconds, outOfTime }: SearchRecord): Markdown {
  const end = outOfTime ? ', when its time was up' : '';
  return markup`Better options were looked for by ${method} search: ${count(fits)} fits in ${duration(seconds * 1000)}${end}.`;
}

const shownTrials = 10;

/** The best trials of all candidates together; those measured in full come first. */
function trialsSection({ metric, candidates }: ModelSelection): Markdown[] {
  const trials = candidates
    .filter(({ tried = 1 }) => tried > 1)
    .flatMap((candidate) => (candidate.trials ?? []).map((trial) => ({ candidate, trial })))
    .sort((a, b) => extent(b.trial) - extent(a.trial) || (b.trial.score ?? -1) - (a.trial.score ?? -1));
  if (trials.length === 0) return [];
  return [
    heading(3, 'Options tried'),
    table(
      [
        'candidate',
        'trial',
        `mean ${labelOf(metric)}`,
        'rows',
        'folds',
        'fit time a fold',
        'outcome',
        'options',
      ],
      trials
        .slice(0, shownTrials)
        .map(({ candidate, trial }) => [
          nameOf(candidate),
          trial.trial,
          figure(trial.score),
          percent(trial.share),
          trial.folds,
          duration(trial.fitMs),
          trial.status,
          optionsText(trial.options),
        ]),
      'lrrrrrll',
    ),
  ];
}

/** How much of the cross-validation a trial has been through. */
function extent({ share, folds }: TrialRecord): number {
  return share * folds;
}

function nameOf({ name, selected }: CandidateRecord): Markdown {
  return selected ? strong(code(name)) : code(name);
}

function meanAndDeviation({ mean, std }: CandidateRecord, metric: string): string {
  return `${figure(mean[metric])} ± ${figure(std[metric])}`;
}

function meanFitMs({ folds }: CandidateRecord): number | null {
  return folds.length === 0 ? null : folds.reduce((sum, { fitMs }) => sum + fitMs, 0) / folds.length;
}
