import { createLearner } from '../../ml/factory.js';
import type { LearnerOptions } from '../../ml/learner.js';
import type { Metrics } from '../../ml/metrics.js';
import type { Curves } from './curves.task.js';
import { mean, type MetricSummary, standardDeviation, summarise } from './fold-statistics.js';
import type { Trial, TrialStatus } from './search.js';

/** How one candidate did in cross-validation. */
export interface CandidateResult {
  readonly name: string;
  readonly learner: string;
  readonly imputer: string;
  readonly encoder: string;
  /** Of its best trial, with the learner's defaults filled in. */
  readonly options: LearnerOptions;
  readonly folds: readonly { readonly metrics: Metrics; readonly fitMs: number }[];
  /** Mean over the folds, at a threshold of 0.5; null where a fold had no value. */
  readonly mean: MetricSummary;
  /** Standard deviation over the folds. */
  readonly std: MetricSummary;
  /** Of the out-of-fold predictions. */
  readonly curves: Curves;
  /** How many sets of options were tried, the plain ones among them. */
  readonly tried: number;
  /** The best of them, at most a hundred, in the order in which they were drawn. */
  readonly trials: readonly TrialResult[];
  /** Whether the model was made with it. */
  readonly selected: boolean;
}

export interface TrialResult {
  /** 0 are the contract's plain options. */
  readonly trial: number;
  /** What the search may change. */
  readonly options: LearnerOptions;
  readonly status: TrialStatus;
  /** The last rung it was measured on, from 0. */
  readonly rung: number;
  /** Share of a fold's training rows that it was fitted on there. */
  readonly share: number;
  /** Folds that it was measured on there. */
  readonly folds: number;
  /** Mean of the selection metric over these folds. */
  readonly score: number | null;
  /** Mean over these folds. */
  readonly fitMs: number | null;
  readonly error: string | null;
}

const mostTrials = 100;

export function describeCandidate(
  trials: readonly Trial[],
  winner: Trial,
  curves: Curves,
  selected: boolean,
): CandidateResult {
  const { name, learner, imputer, encoder, options } = winner.candidate;
  return {
    name,
    learner,
    imputer,
    encoder,
    options: createLearner(learner, options).options,
    folds: winner.results.map(({ metrics, fitMs }) => ({ metrics, fitMs })),
    mean: summarise(winner.results, mean),
    std: summarise(winner.results, standardDeviation),
    curves,
    tried: trials.length,
    trials: worthKeeping(trials).map(describeTrial),
    selected,
  };
}

/** The plain options, and of the others those that got farthest. */
function worthKeeping(trials: readonly Trial[]): Trial[] {
  const [plain, ...others] = trials;
  const kept = others
    .toSorted((a, b) => b.rung - a.rung || (b.score ?? -1) - (a.score ?? -1))
    .slice(0, mostTrials - 1);
  return [plain, ...kept.sort((a, b) => a.number - b.number)];
}

function describeTrial({
  number,
  candidate,
  status,
  rung,
  share,
  results,
  score,
  error,
}: Trial): TrialResult {
  const searched = Object.keys(candidate.space);
  const options = { ...defaultsOf(candidate), ...candidate.options };
  return {
    trial: number,
    options: Object.fromEntries(searched.map((name) => [name, options[name]])),
    status,
    rung,
    share,
    folds: results.length,
    score,
    fitMs: results.length === 0 ? null : mean(results.map(({ fitMs }) => fitMs)),
    error,
  };
}

function defaultsOf({ learner }: Trial['candidate']): LearnerOptions {
  return createLearner(learner).options;
}
