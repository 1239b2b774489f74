import { denseGroups, type Split } from './splits.js';

/*
 * Splits in the order of time that keep groups whole: a model is measured on what came after all that it was fitted
 * on, as it will be in service. A group's time is that of its last row, so a group that spans a cut goes to the later
 * side as a whole, with its early rows. No row that is fitted on is as late as the cut, and each group that is measured
 * reaches beyond it. Groups of one time stay on one side, too.
 */

/** Rows fitted on and rows measured; each rising. */
export interface TimeFold {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

export interface TimeSplit extends Split {
  /** All rows fitted on are before this time; each group measured has a row at it or after. */
  readonly cut: number;
}

/**
 * The last `testShare` of the rows by their groups' times, off by the rows of one time.
 * @param times of each row, in any unit
 * @throws RangeError when `testShare` is not in (0, 1), a time is not finite, all groups are of one time, or a side
 * lacks a class.
 */
export function timeOrderedHoldout(
  y: Uint8Array,
  times: Float64Array,
  groups: Int32Array,
  { testShare }: { testShare: number },
): TimeSplit {
  if (!(testShare > 0 && testShare < 1))
    throw new RangeError(`testShare ${testShare} is not between 0 and 1`);
  const line = timeLine(y, times, groups);
  const [cut] = cutsNear(line, [y.length * (1 - testShare)]);
  const { train, test } = foldBetween(line, cut, Infinity);
  checkClasses(y, train, 'the part before the cut');
  checkClasses(y, test, 'the part after the cut');
  return { train, test, cut };
}

/**
 * Folds of forward chaining, scikit-learn's `TimeSeriesSplit`: the rows in order of time make `folds` + 1 blocks of
 * about equal size, and fold k is fitted on the blocks before block k + 1 and measured on it. The rows of the first
 * block are measured by none.
 * @throws RangeError when `folds` is not an integer >= 2, there are too few times for the blocks, or the first block
 * lacks a class.
 */
export function timeOrderedFolds(
  y: Uint8Array,
  times: Float64Array,
  groups: Int32Array,
  { folds }: { folds: number },
): TimeFold[] {
  if (!Number.isInteger(folds) || folds < 2) throw new RangeError(`folds ${folds} is not an integer >= 2`);
  const line = timeLine(y, times, groups);
  const size = Math.floor(y.length / (folds + 1));
  const goals = Array.from({ length: folds }, (_, k) => y.length - (folds - k) * size);
  const cuts = cutsNear(line, goals);
  const chain = cuts.map((cut, k) => foldBetween(line, cut, cuts[k + 1] ?? Infinity));
  checkClasses(y, chain[0].train, 'the part before the first fold');
  return chain;
}

interface TimeLine {
  /** The time of each row's group. */
  readonly timeOf: Float64Array;
  /** Distinct group times, rising. */
  readonly times: Float64Array;
  /** Rows before each of them. */
  readonly before: Float64Array;
}

function timeLine(y: Uint8Array, times: Float64Array, groups: Int32Array): TimeLine {
  if (times.length !== y.length || groups.length !== y.length)
    throw new RangeError(`${times.length} times and ${groups.length} groups for ${y.length} rows`);
  const bad = times.findIndex((time) => !Number.isFinite(time));
  if (bad >= 0) throw new RangeError(`row ${bad}: ${times[bad]} is not a time`);
  const { ids, count } = denseGroups(groups);
  const last = new Float64Array(count).fill(-Infinity);
  ids.forEach((group, i) => (last[group] = Math.max(last[group], times[i])));
  const timeOf = Float64Array.from(ids, (group) => last[group]);
  const sorted = timeOf.toSorted();
  const starts = Int32Array.from(sorted.keys()).filter((i) => i === 0 || sorted[i] !== sorted[i - 1]);
  return { timeOf, times: Float64Array.from(starts, (i) => sorted[i]), before: Float64Array.from(starts) };
}

/**
 * For each goal (rising row counts) the time whose start comes nearest to having that many rows before it, such that
 * times rise and none is the first.
 */
function cutsNear({ times, before }: TimeLine, goals: readonly number[]): number[] {
  if (times.length <= goals.length)
    throw new RangeError(`groups of ${times.length} times cannot be cut ${goals.length} times`);
  let at = 0;
  return goals.map((goal, k) => {
    const lastFree = times.length - (goals.length - k);
    at++;
    while (at < lastFree && Math.abs(before[at + 1] - goal) <= Math.abs(before[at] - goal)) at++;
    return times[at];
  });
}

/** Fitted on what is before `from`, measured on what is before `to` but not before `from`. */
function foldBetween({ timeOf }: TimeLine, from: number, to: number): TimeFold {
  const rows = Int32Array.from(timeOf.keys());
  return {
    train: rows.filter((i) => timeOf[i] < from),
    test: rows.filter((i) => timeOf[i] >= from && timeOf[i] < to),
  };
}

function checkClasses(y: Uint8Array, rows: Int32Array, part: string): void {
  const threats = rows.reduce((sum, i) => sum + y[i], 0);
  if (threats === 0 || threats === rows.length)
    throw new RangeError(`${part} has rows of class ${threats === 0 ? 0 : 1} only`);
}
