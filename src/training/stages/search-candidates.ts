import { deriveSeed } from '../../ml/random.js';
import type { SearchReportDto } from '../../runs/candidate.dto.js';
import { type SearchScope, searchSpace, type Trial } from './search.js';
import { Deadline } from './search-deadline.js';

type Scope = Omit<SearchScope, 'fits' | 'deadline' | 'onFit'> & { readonly signal: AbortSignal };

/**
 * Searches the spaces of all candidates, one after the other. Each gets an equal share of the fits and of the
 * time that those before it have left.
 * @param plain each candidate's plain options, measured
 * @returns all trials of each candidate, and what they took; no report where no search is asked for
 */
export async function searchCandidates(
  plain: readonly Trial[],
  { signal, ...scope }: Scope,
): Promise<{ tried: Trial[][]; report: SearchReportDto | null }> {
  const { method, maxFits, maxSeconds } = scope.options;
  const tried = plain.map((trial) => [trial]);
  if (method === 'none') return { tried, report: null };

  const start = performance.now();
  const searched = plain.filter(({ candidate }) => Object.keys(candidate.space).length > 0);
  let fitsLeft = maxFits;
  let [fits, outOfTime] = [0, false];
  for (const [i, trial] of searched.entries()) {
    const share = 1 / (searched.length - i);
    const msLeft = maxSeconds === null ? null : Math.max(0, maxSeconds * 1000 - (performance.now() - start));
    const deadline = new Deadline(signal, msLeft === null ? null : msLeft * share);
    try {
      const { trials, planned } = await searchSpace(trial, {
        ...scope,
        fits: Math.floor(fitsLeft * share),
        seed: deriveSeed(scope.seed, i),
        deadline,
        onFit: () => fits++,
      });
      tried[plain.indexOf(trial)] = trials;
      fitsLeft -= planned;
      outOfTime ||= deadline.expired;
    } finally {
      deadline.close();
    }
  }
  const trials = tried.reduce((sum, { length }) => sum + length - 1, 0);
  const seconds = Math.round(performance.now() - start) / 1000;
  return { tried, report: { method, maxFits, maxSeconds, fits, trials, seconds, outOfTime } };
}
