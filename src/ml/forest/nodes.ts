import { missingCode } from '../bins.js';
import { type ModelState, ModelStateError, stateArray } from '../learner.js';
import { codeOfValue, hasCode, setWords } from './category-set.js';

/**
 * No tree grows deeper, and no deeper one is loaded: walks that remember their path can then be recursive.
 * Trees on real data have some tens of levels.
 */
export const depthLimit = 1024;

/** Flag of a node where a missing value goes left. */
export const missingGoesLeft = 1;
/** Flag of a node that asks for a category. */
export const isCategorical = 2;

/**
 * All trees of a forest in flat arrays, one entry a node, each tree in preorder: the left child of node `i`
 * is `i + 1`, its right child `right[i]`. A column is categorical at all of its nodes or at none.
 */
export interface ForestNodes {
  /** First node of each tree and, last, the number of nodes: trees + 1 values. */
  readonly starts: Int32Array;
  /** Column the node asks for, -1 at a leaf. */
  readonly feature: Int32Array;
  /** `x <= threshold` goes left; the number of its set where the node asks for a category; 0 at a leaf. */
  readonly threshold: Float64Array;
  /** `missingGoesLeft` and `isCategorical`, added up; 0 at a leaf. */
  readonly flags: Uint8Array;
  /** Right child, 0 at a leaf. */
  readonly right: Int32Array;
  /** What the tree says of a row that ends here: in a forest the share of threats, in boosting a step of log-odds. */
  readonly value: Float64Array;
  /** Weight of the training rows that reached the node. */
  readonly cover: Float64Array;
  /**
   * Sets of category codes that go left, 8 words of 32 bits each: code c is bit `c & 31` of word `c >> 5`. Bit 255
   * stands for missing values and agrees with the flag, and codes that training never had in the column have
   * the same bit as it: `codeOfValue` and a look into the set are all that a walk needs.
   */
  readonly sets: Uint32Array;
}

/** Whether a row with this value goes left at the node: what every faster walk must agree with. */
export function goesLeft({ flags, threshold, sets }: ForestNodes, node: number, value: number): boolean {
  if ((flags[node] & isCategorical) !== 0) {
    return hasCode(sets, codeOfValue(value), setWords * threshold[node]);
  }
  return value <= threshold[node] || ((flags[node] & missingGoesLeft) !== 0 && Number.isNaN(value));
}

/** Builds `ForestNodes` in arrays that double as they fill. */
export class NodeWriter {
  private size = 0;
  private starts: number[] = [];
  private feature = new Int32Array(1024);
  private threshold = new Float64Array(1024);
  private flags = new Uint8Array(1024);
  private right = new Int32Array(1024);
  private value = new Float64Array(1024);
  private cover = new Float64Array(1024);
  private sets = new Uint32Array(64 * setWords);
  private setCount = 0;

  startTree(): void {
    this.starts.push(this.size);
  }

  /** Adds a leaf and returns its index; `split` can turn it into an inner node. */
  leaf(value: number, cover: number): number {
    if (this.size === this.feature.length) this.grow();
    const node = this.size++;
    this.feature[node] = -1;
    this.threshold[node] = this.flags[node] = this.right[node] = 0;
    this.value[node] = value;
    this.cover[node] = cover;
    return node;
  }

  split(node: number, feature: number, threshold: number, missingLeft: boolean): void {
    this.feature[node] = feature;
    this.threshold[node] = threshold;
    this.flags[node] = missingLeft ? missingGoesLeft : 0;
  }

  /** @param set the codes that go left, 8 words, as `categoriesOf` gives them */
  splitCategories(node: number, feature: number, set: Uint32Array, missingLeft: boolean): void {
    this.feature[node] = feature;
    this.threshold[node] = this.setCount;
    this.flags[node] = isCategorical + (missingLeft ? missingGoesLeft : 0);
    const at = setWords * this.setCount++;
    if (at === this.sets.length) this.sets = larger(this.sets, new Uint32Array(2 * at));
    this.sets.set(set, at);
  }

  setRight(node: number, child: number): void {
    this.right[node] = child;
  }

  /** The trees written since the last time. */
  finish(): ForestNodes {
    const { size } = this;
    const nodes = {
      starts: Int32Array.from([...this.starts, size]),
      feature: this.feature.slice(0, size),
      threshold: this.threshold.slice(0, size),
      flags: this.flags.slice(0, size),
      right: this.right.slice(0, size),
      value: this.value.slice(0, size),
      cover: this.cover.slice(0, size),
      sets: this.sets.slice(0, setWords * this.setCount),
    };
    this.starts = [];
    this.size = this.setCount = 0;
    return nodes;
  }

  private grow(): void {
    const capacity = this.size * 2;
    this.feature = larger(this.feature, new Int32Array(capacity));
    this.threshold = larger(this.threshold, new Float64Array(capacity));
    this.flags = larger(this.flags, new Uint8Array(capacity));
    this.right = larger(this.right, new Int32Array(capacity));
    this.value = larger(this.value, new Float64Array(capacity));
    this.cover = larger(this.cover, new Float64Array(capacity));
  }
}

function larger<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** Each node's distance from its root. */
export function nodeLevels(nodes: ForestNodes): Int32Array {
  const level = new Int32Array(nodes.feature.length);
  for (let node = 0; node < level.length; node++) {
    if (nodes.feature[node] < 0) continue;
    level[node + 1] = level[nodes.right[node]] = level[node] + 1;
  }
  return level;
}

/** Levels below the root of the deepest tree. */
export function deepestLevel(nodes: ForestNodes): number {
  return nodeLevels(nodes).reduce((deepest, level) => Math.max(deepest, level), 0);
}

/** The nodes of a stored model, still to be checked. @throws ModelStateError when an array is amiss */
export function nodesOfState(state: ModelState<string>): ForestNodes {
  const feature = stateArray(state, 'feature', Int32Array);
  return {
    starts: stateArray(state, 'starts', Int32Array),
    feature,
    threshold: stateArray(state, 'threshold', Float64Array, feature.length),
    flags: stateArray(state, 'flags', Uint8Array, feature.length),
    right: stateArray(state, 'right', Int32Array, feature.length),
    value: stateArray(state, 'value', Float64Array, feature.length),
    cover: stateArray(state, 'cover', Float64Array, feature.length),
    sets: stateArray(state, 'sets', Uint32Array),
  };
}

type ValueRange = readonly [number, number];

/**
 * Checks that walking `nodes` always ends at a leaf of the same tree: every node but a root has exactly one
 * parent, which stands before it.
 * @param range lowest and highest value a node may have
 * @throws ModelStateError naming the first fault
 */
export function checkNodes(nodes: ForestNodes, columns: number, range: ValueRange = [0, 1]): void {
  const size = nodes.feature.length;
  const { starts, sets } = nodes;
  if (sets.length % setWords !== 0) throw new ModelStateError(`forest: sets of ${sets.length} words`);
  if (starts.length < 2 || starts[0] !== 0 || starts[starts.length - 1] !== size) {
    throw new ModelStateError('forest: the trees do not cover the nodes');
  }
  for (let tree = 0; tree + 1 < starts.length; tree++) {
    if (starts[tree + 1] <= starts[tree]) throw new ModelStateError(`forest: tree ${tree} has no nodes`);
    checkTree(nodes, starts[tree], starts[tree + 1], columns, range);
  }
  checkKinds(nodes);
  const deepest = deepestLevel(nodes);
  if (deepest > depthLimit) throw new ModelStateError(`forest: a tree has ${deepest} levels`);
}

function checkKinds({ feature, flags }: ForestNodes): void {
  const categorical = new Set(
    feature.filter((column, node) => column >= 0 && (flags[node] & isCategorical) !== 0),
  );
  if (categorical.size === 0) return;
  const mixed = feature.findIndex(
    (column, node) => (flags[node] & isCategorical) === 0 && categorical.has(column),
  );
  if (mixed >= 0) throw new ModelStateError(`forest: node ${mixed} takes categories for numbers`);
}

function checkTree(nodes: ForestNodes, start: number, end: number, columns: number, range: ValueRange): void {
  const parents = new Int32Array(end - start);
  for (let node = start; node < end; node++) {
    const fault = nodeFault(nodes, node, end, columns, range);
    if (fault) throw new ModelStateError(`forest: node ${node} has ${fault}`);
    if (node > start && parents[node - start] !== 1) {
      throw new ModelStateError(`forest: node ${node} has ${parents[node - start]} parents`);
    }
    if (nodes.feature[node] < 0) continue;
    parents[node + 1 - start]++;
    parents[nodes.right[node] - start]++;
  }
}

function nodeFault(
  nodes: ForestNodes,
  node: number,
  end: number,
  columns: number,
  [lowest, highest]: ValueRange,
): string | null {
  const value = nodes.value[node];
  const cover = nodes.cover[node];
  const feature = nodes.feature[node];
  if (!(value >= lowest && value <= highest)) return `the value ${value}, not in ${lowest} to ${highest}`;
  if (!(cover > 0 && cover < Infinity)) return `the cover ${cover}`;
  if (feature < -1 || feature >= columns) return `the feature ${feature} of ${columns}`;
  if (feature === -1) return null;
  if (!Number.isFinite(nodes.threshold[node])) return `the threshold ${nodes.threshold[node]}`;
  const flags = nodes.flags[node];
  if (flags > missingGoesLeft + isCategorical) return `the flags ${flags}`;
  if ((flags & isCategorical) !== 0) {
    const set = nodes.threshold[node];
    if (!(set >>> 0 === set && setWords * (set + 1) <= nodes.sets.length)) return `the set ${set}`;
    if (hasCode(nodes.sets, missingCode, setWords * set) !== ((flags & missingGoesLeft) !== 0)) {
      return `the flags ${flags} and another direction in its set`;
    }
  }
  const right = nodes.right[node];
  if (!(right > node + 1 && right < end)) return `the right child ${right}`;
  const below = nodes.cover[node + 1] + nodes.cover[right];
  return Math.abs(below - cover) <= 1e-6 * cover ? null : `the cover ${cover} over children of ${below}`;
}
