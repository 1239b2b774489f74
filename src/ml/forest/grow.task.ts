import { deriveSeed, Random } from '../random.js';
import { type PlacedRows, placeWeights } from './merge-rows.js';
import { type ForestNodes, NodeWriter } from './nodes.js';
import { TreeGrower, type TreeOptions } from './tree.js';

/** All that a thread needs to grow trees of a forest. */
export interface GrowInput extends PlacedRows {
  readonly options: TreeOptions;
  /** One a row of the data, shared. */
  readonly weights: Float64Array;
  /** Rows drawn for the bootstrap sample of a tree, 0 without one. */
  readonly draws: number;
  readonly seed: number;
  readonly trees: number;
  /** Shared: the next tree to grow, and how many are grown. */
  readonly counters: Int32Array;
}

/** A tree of a forest with its number. */
export type GrownTree = readonly [number: number, nodes: ForestNodes];

/**
 * Grows trees until none is left to grow. Whoever is free takes the next; as a tree's random numbers come from the
 * forest's seed and its own number, nobody can tell who grew it.
 *
 * @param afterTree hears how many trees are grown, by all threads together
 */
export function growTrees(input: GrowInput, afterTree?: (grown: number) => void): GrownTree[] {
  const { bins, benignRows, places, options, weights, draws, seed, trees, counters } = input;
  const grower = new TreeGrower(bins, benignRows, options);
  const writer = new NodeWriter();
  const placed = new Float64Array(bins.rows);
  if (draws === 0) placeWeights(places, weights, placed);
  const grown: GrownTree[] = [];
  for (let tree = takeTree(counters); tree < trees; tree = takeTree(counters)) {
    const random = new Random(deriveSeed(seed, tree));
    if (draws > 0) placeSample(places, weights, draws, random, placed);
    grower.grow(placed, random, writer);
    grown.push([tree, writer.finish()]);
    Atomics.add(counters, 1, 1);
    afterTree?.(Atomics.load(counters, 1));
  }
  return grown;
}

/** Shared counters of a forest that is not begun. */
export function newCounters(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(8));
}

/** Lets every thread stop after the tree that it is at. */
export function dealNoMore(counters: Int32Array, trees: number): void {
  Atomics.store(counters, 0, trees);
}

function takeTree(counters: Int32Array): number {
  return Atomics.add(counters, 0, 1);
}

/** Draws a bootstrap sample: a row's weight counts as often as it is drawn. */
function placeSample(
  places: Int32Array,
  weights: Float64Array,
  draws: number,
  random: Random,
  out: Float64Array,
): void {
  out.fill(0);
  for (let i = 0; i < draws; i++) {
    const row = random.below(places.length);
    out[places[row]] += weights[row];
  }
}

export default (input: GrowInput): GrownTree[] => growTrees(input);
