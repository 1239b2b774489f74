import { createLearner } from '../../ml/factory.js';
import type { LearnerOptions } from '../../ml/learner.js';
import type { CandidateDto, TrialDto } from '../../runs/candidate.dto.js';
import type { Curves } from './curves.task.js';
import { mean, standardDeviation, summarise } from './fold-statistics.js';
import type { Trial } from './search.js';

const mostTrials = 100;

export function describeCandidate(
  trials: readonly Trial[],
  winner: Trial,
  curves: Curves,
  selected: boolean,
): CandidateDto {
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

function describeTrial({ number, candidate, status, rung, share, results, score, error }: Trial): TrialDto {
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
