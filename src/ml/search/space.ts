import type { LearnerOptions } from '../learner.js';
import { Random } from '../random.js';

type OptionValue = LearnerOptions[string];

/** Numbers from `low` to `high`, both included. `log` draws their logarithm evenly, `integer` whole ones only. */
export interface Range {
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
  readonly integer: boolean;
}

/** What one option may be: one of some values, or a number of a range. */
export type Dimension = readonly OptionValue[] | Range;

/** The options of a learner that a search may change. */
export type Space = Readonly<Record<string, Dimension>>;

/** Grids up to this size are shuffled as a whole; of larger ones and of ranges, repeats are rare. */
const largestGrid = 10_000;
/** After so many repeats in a row, all of a small space has been drawn. */
const mostRepeats = 100;

/** How many combinations a space has: 1 where it is empty, Infinity where it has a range. */
export function combinationsOf(space: Space): number {
  return Object.values(space).reduce((size, one) => size * (isRange(one) ? Infinity : one.length), 1);
}

/**
 * Up to `count` different combinations of a space, in random order. Lists alone are drawn from without
 * replacement, so that a large enough `count` gives the whole grid.
 */
export function drawCombinations(space: Space, count: number, seed: number): LearnerOptions[] {
  const random = new Random(seed);
  const size = combinationsOf(space);
  if (size <= largestGrid) {
    const places = random.shuffle(Int32Array.from({ length: size }, (_, place) => place));
    return Array.from(places.subarray(0, count), (place) => combinationAt(space, place));
  }
  const drawn = new Map<string, LearnerOptions>();
  for (let repeats = 0; drawn.size < count && repeats < mostRepeats;) {
    const combination = mapSpace(space, (one) => drawValue(one, random));
    const key = JSON.stringify(combination);
    repeats = drawn.has(key) ? repeats + 1 : 0;
    drawn.set(key, combination);
  }
  return [...drawn.values()];
}

/** Values with which a learner can be asked whether it accepts a whole dimension: of a range, its ends and one between. */
export function probesOf(dimension: Dimension): OptionValue[] {
  if (!isRange(dimension)) return [...dimension];
  const { low, high, integer } = dimension;
  const inner = low + (high - low) / Math.E;
  return [low, high, integer ? Math.round(inner) : inner];
}

function isRange(dimension: Dimension): dimension is Range {
  return 'low' in dimension;
}

/** The grid's combination number `place`, the last option changing first. */
function combinationAt(space: Space, place: number): LearnerOptions {
  let rest = place;
  const names = Object.keys(space).reverse();
  const values = names.map((name) => {
    const choices = space[name] as readonly OptionValue[];
    const value = choices[rest % choices.length];
    rest = Math.floor(rest / choices.length);
    return [name, value] as const;
  });
  return Object.fromEntries(values.reverse());
}

function drawValue(dimension: Dimension, random: Random): OptionValue {
  if (!isRange(dimension)) return dimension[random.below(dimension.length)];
  const { low, high, log, integer } = dimension;
  // Half a step beyond both ends, so that the ends are drawn as often as the numbers between them.
  const margin = integer ? 0.5 : 0;
  const [from, to] = [low - margin, high + margin].map(log ? Math.log : Number);
  const drawn = from + (to - from) * random.float();
  const value = log ? Math.exp(drawn) : drawn;
  return Math.min(high, Math.max(low, integer ? Math.round(value) : significant(value)));
}

/** Four digits tell two options apart, and people read and copy them. */
function significant(value: number): number {
  return Number(value.toPrecision(4));
}

function mapSpace(space: Space, valueOf: (dimension: Dimension) => OptionValue): LearnerOptions {
  return Object.fromEntries(Object.entries(space).map(([name, one]) => [name, valueOf(one)]));
}
