/** One round of a search: how many trials enter it, and how dearly each is measured. */
export interface Rung {
  readonly trials: number;
  /** Share of a fold's training rows that a trial is fitted on. */
  readonly share: number;
  /** How many folds it is measured on, the first ones. */
  readonly folds: number;
}

export interface SearchSize {
  /** The most fits that the search may take; one fold of one trial is one fit. */
  readonly fits: number;
  /** Different options there are to try; Infinity where a range is searched. */
  readonly combinations: number;
  /** Folds of the cross-validation. */
  readonly folds: number;
}

export interface HalvingSize extends SearchSize {
  /** Rows that a fold is fitted on. */
  readonly rows: number;
  /** One trial in `factor` goes on to the next rung, where there are `factor` times the rows. */
  readonly factor: number;
  /** Fewest rows that a trial is fitted on: with fewer, other options are the best. */
  readonly minResources: number;
}

/** As many trials as there are fits for, each measured in full. None where one trial takes more. */
export function randomSchedule({ fits, combinations, folds }: SearchSize): Rung[] {
  const trials = Math.min(combinations, Math.floor(fits / folds));
  return trials > 0 ? [{ trials, share: 1, folds }] : [];
}

/**
 * Successive halving (Jamieson and Talwalkar 2016) with rows as the resource, as in scikit-learn's
 * `HalvingRandomSearchCV`: many trials on few rows, the best 1/factor of them on `factor` times as many, and so
 * on up to all rows of one fold; the last rung is the full cross-validation, of which that fold is then a part.
 * Begins with as many trials as there are fits for; fewer than `factor` begin on the last rung.
 */
export function halvingSchedule(size: HalvingSize): Rung[] {
  if (size.combinations * size.folds <= size.fits) return randomSchedule(size);
  const levels = levelsOf(size);
  for (let trials = Math.min(size.fits, size.combinations); trials > 0; trials--) {
    const rungs = ladder(trials, levels, size.factor);
    if (fitsOf(rungs) <= size.fits) return rungs;
  }
  return [];
}

/** The fits that a schedule takes: a fold that an earlier rung fitted on all rows is not fitted again. */
export function fitsOf(rungs: readonly Rung[]): number {
  return rungs.reduce((sum, { trials, folds }, i) => {
    const known = i > 0 && rungs[i - 1].share === 1 ? rungs[i - 1].folds : 0;
    return sum + trials * (folds - known);
  }, 0);
}

/** What the rungs cost a trial, the cheapest first. */
function levelsOf({ rows, folds, factor, minResources }: HalvingSize): Omit<Rung, 'trials'>[] {
  const levels = [
    { share: 1, folds },
    { share: 1, folds: 1 },
  ];
  for (let share = 1 / factor; share * rows >= minResources; share /= factor)
    levels.push({ share, folds: 1 });
  return levels.reverse();
}

/** The last levels, as many as it takes to bring `trials` down to fewer than `factor`. */
function ladder(trials: number, levels: readonly Omit<Rung, 'trials'>[], factor: number): Rung[] {
  const entering = [trials];
  while (entering.length < levels.length && entering.at(-1)! >= factor) {
    entering.push(Math.ceil(entering.at(-1)! / factor));
  }
  const used = levels.slice(levels.length - entering.length);
  return entering.map((count, i) => ({ trials: count, ...used[i] }));
}
