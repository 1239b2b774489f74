import { Injectable } from '@nestjs/common';
import { ComputeService, type WorkContext } from '../../compute/compute.service.js';
import type { SearchOptions } from '../../detector/candidate.js';
import type { Candidate, Contract } from '../../detector/contract.js';
import type { Snapshot } from '../../detector/dataset.js';
import type { ModelState } from '../../ml/learner.js';
import type { Transformation } from '../../transformation/transform.task.js';
import type { CandidateDto, SearchReportDto } from '../../runs/candidate.dto.js';
import { describeCandidate } from './candidate-result.js';
import { CrossValidation } from './cross-validation.js';
import type { Curves, CurvesInput } from './curves.task.js';
import type { FitInput, FitResult } from './fit.task.js';
import type { NoveltyState } from '../../registry/bundle/novelty.js';
import type { NoveltyInput } from './novelty.task.js';
import { Progress } from './progress.js';
import { bestTrial, leaderOf, plainTrial, type Trial } from './search.js';
import { searchCandidates } from './search-candidates.js';

const fitTask = new URL('./fit.task.js', import.meta.url);
const noveltyTask = new URL('./novelty.task.js', import.meta.url);
const curvesTask = new URL('./curves.task.js', import.meta.url);

export interface Trained {
  readonly candidates: readonly CandidateDto[];
  /** What the search took; null where none was asked for. */
  readonly search: SearchReportDto | null;
  /** With the best options found. */
  readonly winner: Candidate;
  readonly model: ModelState;
  /** The winner's uncalibrated probability of each training row, from the fold that did not see it. */
  readonly outOfFold: Float64Array;
  readonly fitMs: number;
  /** Null where the contract does not ask for it. */
  readonly novelty: NoveltyState | null;
}

/**
 * Compares the candidates by grouped cross-validation on the training part, looks for better options of theirs
 * where that is asked for, and fits the winner on the whole training part.
 */
@Injectable()
export class TrainerService {
  constructor(private readonly compute: ComputeService) {}

  async train(
    contract: Contract,
    snapshot: Snapshot,
    transformation: Transformation,
    candidates: readonly Candidate[],
    { seed, search: options }: { readonly seed: number; readonly search: SearchOptions },
    context: WorkContext,
  ): Promise<Trained> {
    const { selection } = contract;
    const validation = new CrossValidation(this.compute, contract, snapshot, transformation, seed);
    const plainFits = candidates.length * validation.folds;
    const searchFits = options.method === 'none' ? 0 : options.maxFits;
    const progress = new Progress(plainFits + searchFits + (contract.novelty ? 2 : 1), context);

    const plain: Trial[] = [];
    for (const candidate of candidates) {
      const results = await validation.measure(candidate, () => progress.step());
      plain.push(plainTrial(candidate, results, selection));
    }
    const parallel = this.compute.threads + 1;
    const { tried, report } = await searchCandidates(plain, {
      validation,
      selection,
      options,
      seed,
      parallel,
      signal: context.signal,
      step: (signal) => progress.step(signal),
    });
    progress.reach(plainFits + searchFits);

    const best = tried.map(bestTrial);
    const leader = leaderOf(best);
    const winner = leader.candidate;
    const outOfFold = best.map(({ results }) => validation.gather(results));
    const { measured } = validation;
    const y = Uint8Array.from(measured, (place) => snapshot.y[transformation.train[place]]);
    const curves = await this.compute.run<CurvesInput, Curves[]>(
      curvesTask,
      { y, probabilities: outOfFold.map((p) => Float64Array.from(measured, (place) => p[place])) },
      { ...context, onProgress: () => undefined },
    );
    const input: FitInput = {
      contract,
      snapshot,
      split: transformation,
      candidate: winner,
      preprocessor: transformation.preprocessors[winner.name],
      seed,
      threads: this.compute.threads,
    };
    const { model, fitMs } = await this.compute.run<FitInput, FitResult>(fitTask, input, progress.step());
    const { preprocessor } = input;
    const novelty =
      contract.novelty &&
      (await this.compute.run<NoveltyInput, NoveltyState>(
        noveltyTask,
        { options: contract.novelty, snapshot, train: transformation.train, preprocessor, seed },
        progress.step(),
      ));
    return {
      candidates: tried.map((trials, i) => describeCandidate(trials, best[i], curves[i], best[i] === leader)),
      search: report,
      winner,
      model,
      outOfFold: outOfFold[best.indexOf(leader)],
      fitMs,
      novelty: novelty ?? null,
    };
  }
}
