import type { WorkContext } from '../../compute/compute.service.js';
import type { SearchOptions } from '../../detector/candidate.js';
import type { Candidate } from '../../detector/contract.js';
import { createLearner } from '../../ml/factory.js';
import type { LearnerOptions } from '../../ml/learner.js';
import type { MetricName } from '../../ml/metrics.js';
import { fitsOf, halvingSchedule, randomSchedule, type Rung } from '../../ml/search/halving.js';
import { combinationsOf, drawCombinations } from '../../ml/search/space.js';
import type { TrialStatus } from '../../runs/candidate.dto.js';
import type { CrossValidation } from './cross-validation.js';
import type { FoldResult } from './fold.task.js';
import { mean, summarise } from './fold-statistics.js';
import type { Deadline } from './search-deadline.js';

/** One set of options of a candidate, and how far it got. */
export interface Trial {
  /** 0 are the contract's plain options. */
  readonly number: number;
  readonly candidate: Candidate;
  /** The last rung it was measured on, from 0. */
  rung: number;
  /** Share of a fold's training rows that it was fitted on there. */
  share: number;
  status: TrialStatus;
  /** Of the folds of its last rung; only the leader's hold their probabilities to the end. */
  results: readonly FoldResult[];
  /** Mean of the selection metric over them; null without a value. */
  score: number | null;
  /** Why it failed. */
  error: string | null;
}

/** What a search of one candidate works with. */
export interface SearchScope {
  readonly validation: CrossValidation;
  readonly selection: MetricName;
  readonly options: SearchOptions;
  /** The most fits it may take. */
  readonly fits: number;
  readonly seed: number;
  readonly deadline: Deadline;
  /** How many trials are measured at once. */
  readonly parallel: number;
  readonly step: (signal: AbortSignal) => WorkContext;
  /** Called after each fit. */
  readonly onFit: () => void;
}

/** The plain options of a candidate, measured on all folds. */
export function plainTrial(candidate: Candidate, results: FoldResult[], selection: MetricName): Trial {
  const score = scoreOf(results, selection);
  return { number: 0, candidate, rung: 0, share: 1, status: 'finished', results, score, error: null };
}

/**
 * Tries other options from a candidate's space than its plain ones, by random search or successive halving.
 * A trial whose fit throws a RangeError is out; other errors and cancelling end the search.
 * @returns all trials, the plain one first, and the fits that were planned for them
 */
export async function searchSpace(
  plain: Trial,
  scope: SearchScope,
): Promise<{ trials: Trial[]; planned: number }> {
  const rungs = scheduleOf(plain.candidate, scope);
  const drawn = rungs.length === 0 ? [] : drawTrials(plain.candidate, rungs[0].trials, scope.seed);
  const trials = [plain, ...drawn];
  let running = drawn;
  for (const [number, rung] of rungs.entries()) {
    const entering = new Set(best(running, rung.trials));
    running.filter((trial) => !entering.has(trial)).forEach(forgetProbabilities);
    running = running.filter((trial) => entering.has(trial));
    const next = running.values();
    const climbOn = async (): Promise<void> => {
      for (const trial of next) {
        await climb(trial, number, rung, scope);
        keepLeader(trials);
      }
    };
    await Promise.all(Array.from({ length: scope.parallel }, climbOn));
    running = running.filter((trial) => trial.rung === number && trial.score !== null);
  }
  return { trials, planned: fitsOf(rungs) };
}

/** The first of the highest score; one without a score loses against any. */
export function leaderOf(trials: readonly Trial[]): Trial {
  return best(trials, 1)[0];
}

/** The leader of a candidate's finished trials; the plain options are always among them. */
export function bestTrial(trials: readonly Trial[]): Trial {
  return leaderOf(trials.filter(({ status }) => status === 'finished'));
}

function scheduleOf({ space }: Candidate, { validation, options, fits }: SearchScope): Rung[] {
  const { method, factor, minResources } = options;
  if (method === 'none' || Object.keys(space).length === 0) return [];
  const size = { fits, combinations: combinationsOf(space), folds: validation.folds };
  if (method === 'random') return randomSchedule(size);
  return halvingSchedule({ ...size, rows: validation.fitRows, factor, minResources });
}

function drawTrials(candidate: Candidate, count: number, seed: number): Trial[] {
  const plain: LearnerOptions = createLearner(candidate.learner, candidate.options).options;
  return drawCombinations(candidate.space, count + 1, seed)
    .filter((drawn) => Object.entries(drawn).some(([name, value]) => plain[name] !== value))
    .slice(0, count)
    .map((drawn, i) => ({
      number: i + 1,
      candidate: { ...candidate, options: { ...candidate.options, ...drawn } },
      rung: 0,
      share: 0,
      status: 'dropped',
      results: [],
      score: null,
      error: null,
    }));
}

/** Measures a trial on a rung; what an earlier rung measured on all rows is kept. */
async function climb(trial: Trial, rung: number, { share, folds }: Rung, scope: SearchScope): Promise<void> {
  const { validation, selection, deadline, step, onFit } = scope;
  const known = trial.share === 1 ? trial.results : [];
  const fitFold = async (_: unknown, i: number): Promise<FoldResult> => {
    const context = step(deadline.signal);
    const result = await validation.fitFold(trial.candidate, known.length + i, context, share);
    onFit();
    return result;
  };
  try {
    const fits = Array.from({ length: folds - known.length }, fitFold);
    const results = [...known, ...(await Promise.all(fits))];
    const status = folds === validation.folds && share === 1 ? 'finished' : 'dropped';
    const kept = share < 1 ? results.map(withoutProbabilities) : results;
    Object.assign(trial, { rung, share, status, results: kept, score: scoreOf(results, selection) });
  } catch (error) {
    if (deadline.expired) trial.status = 'stopped';
    else if (error instanceof RangeError && !deadline.signal.aborted) {
      Object.assign(trial, { status: 'failed', error: error.message });
    } else throw error;
  }
}

/** Of all finished trials only the leader's probabilities can still be asked for: a row each, and many trials. */
function keepLeader(trials: readonly Trial[]): void {
  const leader = bestTrial(trials);
  trials.filter((trial) => trial.status === 'finished' && trial !== leader).forEach(forgetProbabilities);
}

function forgetProbabilities(trial: Trial): void {
  trial.results = trial.results.map(withoutProbabilities);
}

function withoutProbabilities({ metrics, fitMs }: FoldResult): FoldResult {
  return { metrics, fitMs, probabilities: new Float64Array() };
}

/** The `count` trials of the highest score, equal ones in the order given; those without a score come last. */
function best(trials: readonly Trial[], count: number): Trial[] {
  const scored = (trial: Trial): number => trial.score ?? -1;
  return [...trials].sort((a, b) => scored(b) - scored(a)).slice(0, count);
}

function scoreOf(results: readonly FoldResult[], selection: MetricName): number | null {
  return summarise(results, mean)[selection];
}
