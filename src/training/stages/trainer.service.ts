import { Injectable } from '@nestjs/common';
import { ComputeService, type WorkContext } from '../../compute/compute.service.js';
import type { Candidate, Contract } from '../../detector/contract.js';
import type { Snapshot } from '../../detector/dataset.js';
import { createLearner } from '../../ml/factory.js';
import type { LearnerOptions, ModelState } from '../../ml/learner.js';
import { type MetricName, type Metrics, metricNames } from '../../ml/metrics.js';
import { deriveSeed } from '../../ml/random.js';
import type { Transformation } from '../../transformation/transform.task.js';
import type { FitInput, FitResult } from './fit.task.js';
import type { FoldInput, FoldResult } from './fold.task.js';

const foldTask = new URL('./fold.task.js', import.meta.url);
const fitTask = new URL('./fit.task.js', import.meta.url);

/** How one candidate did in cross-validation. */
export interface CandidateResult {
  readonly name: string;
  readonly learner: string;
  readonly imputer: string;
  readonly encoder: string;
  /** With the learner's defaults filled in. */
  readonly options: LearnerOptions;
  readonly folds: readonly { readonly metrics: Metrics; readonly fitMs: number }[];
  /** Mean over the folds, at a threshold of 0.5; null where a fold had no value. */
  readonly mean: Readonly<Record<MetricName, number | null>>;
  /** Standard deviation over the folds. */
  readonly std: Readonly<Record<MetricName, number | null>>;
  readonly selected: boolean;
}

export interface Trained {
  readonly candidates: readonly CandidateResult[];
  readonly winner: Candidate;
  readonly model: ModelState;
  /** The winner's uncalibrated probability of each training row, from the fold that did not see it. */
  readonly outOfFold: Float64Array;
  readonly fitMs: number;
}

/** Compares the candidates by grouped cross-validation on the training part and fits the winner on all of it. */
@Injectable()
export class TrainerService {
  constructor(private readonly compute: ComputeService) {}

  async train(
    contract: Contract,
    snapshot: Snapshot,
    transformation: Transformation,
    candidates: readonly Candidate[],
    seed: number,
    context: WorkContext,
  ): Promise<Trained> {
    const steps = progressSteps(candidates.length * contract.split.folds + 1, context);
    const tried: FoldResult[][] = [];
    for (const candidate of candidates) {
      tried.push(
        await Promise.all(
          transformation.folds.map((_, k) =>
            this.fitFold(contract, snapshot, transformation, candidate, k, seed, steps()),
          ),
        ),
      );
    }
    const means = tried.map((folds) => summarise(folds, mean));
    const best = indexOfBest(means.map((metrics) => metrics[contract.selection]));
    const winner = candidates[best];
    const input: FitInput = {
      snapshot,
      train: transformation.train,
      candidate: winner,
      preprocessor: transformation.preprocessors[winner.name],
      seed,
    };
    const { model, fitMs } = await this.compute.run<FitInput, FitResult>(fitTask, input, steps());
    return {
      candidates: candidates.map((candidate, i) => describe(candidate, tried[i], i === best)),
      winner,
      model,
      outOfFold: gather(transformation, tried[best]),
      fitMs,
    };
  }

  private fitFold(
    contract: Contract,
    snapshot: Snapshot,
    { train, folds }: Transformation,
    candidate: Candidate,
    fold: number,
    seed: number,
    context: WorkContext,
  ): Promise<FoldResult> {
    const rowsOf = (places: Int32Array): Int32Array => places.map((place) => train[place]);
    const fitRows = Int32Array.from(folds.flatMap((places, k) => (k === fold ? [] : [...rowsOf(places)])));
    return this.compute.run<FoldInput, FoldResult>(
      foldTask,
      { contract, snapshot, fitRows, heldOut: rowsOf(folds[fold]), candidate, seed: deriveSeed(seed, fold) },
      context,
    );
  }
}

/** Hands out one context a task; the stage's progress is the mean of the tasks'. */
function progressSteps(tasks: number, context: WorkContext): () => WorkContext {
  const shares: number[] = [];
  return () => {
    const step = shares.push(0) - 1;
    return {
      signal: context.signal,
      onProgress: (done, total) => {
        shares[step] = done / total;
        context.onProgress(
          shares.reduce((sum, share) => sum + share, 0),
          tasks,
        );
      },
    };
  };
}

function describe(
  { name, learner, imputer, encoder, options }: Candidate,
  folds: readonly FoldResult[],
  selected: boolean,
): CandidateResult {
  return {
    name,
    learner,
    imputer,
    encoder,
    options: createLearner(learner, options).options,
    folds: folds.map(({ metrics, fitMs }) => ({ metrics, fitMs })),
    mean: summarise(folds, mean),
    std: summarise(folds, standardDeviation),
    selected,
  };
}

function summarise(
  folds: readonly FoldResult[],
  statistic: (values: readonly number[]) => number,
): Record<MetricName, number | null> {
  const entries = metricNames.map((name) => {
    const values = folds.map(({ metrics }) => metrics[name]);
    return [name, values.every((value) => value !== null) ? statistic(values) : null] as const;
  });
  return Object.fromEntries(entries) as Record<MetricName, number | null>;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function standardDeviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}

/** The first of the highest; a candidate without a value loses against any with one. */
function indexOfBest(scores: readonly (number | null)[]): number {
  return scores.reduce<number>((best, score, i) => ((score ?? -1) > (scores[best] ?? -1) ? i : best), 0);
}

function gather({ train, folds }: Transformation, results: readonly FoldResult[]): Float64Array {
  const outOfFold = new Float64Array(train.length);
  folds.forEach((places, k) =>
    places.forEach((place, i) => (outOfFold[place] = results[k].probabilities[i]!)),
  );
  return outOfFold;
}
