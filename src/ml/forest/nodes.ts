import { type ModelState, ModelStateError, stateArray } from '../learner.js';

/**
 * No tree grows deeper, and no deeper one is loaded: walks that remember their path can then be recursive.
 * Trees on real data have some tens of levels.
 */
export const depthLimit = 1024;

/**
 * All trees of a forest in flat arrays, one entry a node, each tree in preorder: the left child of node `i`
 * is `i + 1`, its right child `right[i]`.
 */
export interface ForestNodes {
  /** First node of each tree and, last, the number of nodes: trees + 1 values. */
  readonly starts: Int32Array;
  /** Column the node asks for, -1 at a leaf. */
  readonly feature: Int32Array;
  /** `x <= threshold` goes left; 0 at a leaf. */
  readonly threshold: Float64Array;
  /** 1 where a missing value goes left. */
  readonly missingLeft: Uint8Array;
  /** Right child, 0 at a leaf. */
  readonly right: Int32Array;
  /** What the tree says of a row that ends here: in a forest the share of threats, in boosting a step of log-odds. */
  readonly value: Float64Array;
  /** Weight of the training rows that reached the node. */
  readonly cover: Float64Array;
}

/** Builds `ForestNodes` in arrays that double as they fill. */
export class NodeWriter {
  private size = 0;
  private readonly starts: number[] = [];
  private feature = new Int32Array(1024);
  private threshold = new Float64Array(1024);
  private missingLeft = new Uint8Array(1024);
  private right = new Int32Array(1024);
  private value = new Float64Array(1024);
  private cover = new Float64Array(1024);

  startTree(): void {
    this.starts.push(this.size);
  }

  /** Adds a leaf and returns its index; `split` can turn it into an inner node. */
  leaf(value: number, cover: number): number {
    if (this.size === this.feature.length) this.grow();
    const node = this.size++;
    this.feature[node] = -1;
    this.value[node] = value;
    this.cover[node] = cover;
    return node;
  }

  split(node: number, feature: number, threshold: number, missingLeft: boolean): void {
    this.feature[node] = feature;
    this.threshold[node] = threshold;
    this.missingLeft[node] = missingLeft ? 1 : 0;
  }

  setRight(node: number, child: number): void {
    this.right[node] = child;
  }

  /** Adds a finished tree. */
  addTree(tree: ForestNodes): void {
    const start = this.size;
    this.startTree();
    tree.feature.forEach((feature, i) => {
      const node = this.leaf(tree.value[i], tree.cover[i]);
      if (feature < 0) return;
      this.split(node, feature, tree.threshold[i], tree.missingLeft[i] === 1);
      this.setRight(node, start + tree.right[i]);
    });
  }

  finish(): ForestNodes {
    return {
      starts: Int32Array.from([...this.starts, this.size]),
      feature: this.feature.slice(0, this.size),
      threshold: this.threshold.slice(0, this.size),
      missingLeft: this.missingLeft.slice(0, this.size),
      right: this.right.slice(0, this.size),
      value: this.value.slice(0, this.size),
      cover: this.cover.slice(0, this.size),
    };
  }

  private grow(): void {
    const capacity = this.size * 2;
    const larger = <T extends { set(from: T): void }>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.feature = larger(this.feature, new Int32Array(capacity));
    this.threshold = larger(this.threshold, new Float64Array(capacity));
    this.missingLeft = larger(this.missingLeft, new Uint8Array(capacity));
    this.right = larger(this.right, new Int32Array(capacity));
    this.value = larger(this.value, new Float64Array(capacity));
    this.cover = larger(this.cover, new Float64Array(capacity));
  }
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
    missingLeft: stateArray(state, 'missingLeft', Uint8Array, feature.length),
    right: stateArray(state, 'right', Int32Array, feature.length),
    value: stateArray(state, 'value', Float64Array, feature.length),
    cover: stateArray(state, 'cover', Float64Array, feature.length),
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
  const { starts } = nodes;
  if (starts.length < 2 || starts[0] !== 0 || starts[starts.length - 1] !== size) {
    throw new ModelStateError('forest: the trees do not cover the nodes');
  }
  for (let tree = 0; tree + 1 < starts.length; tree++) {
    if (starts[tree + 1] <= starts[tree]) throw new ModelStateError(`forest: tree ${tree} has no nodes`);
    checkTree(nodes, starts[tree], starts[tree + 1], columns, range);
  }
  const deepest = deepestLevel(nodes);
  if (deepest > depthLimit) throw new ModelStateError(`forest: a tree has ${deepest} levels`);
}

function checkTree(nodes: ForestNodes, start: number, end: number, columns: number, range: ValueRange): void {
  const parents = new Uint8Array(end - start);
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
  if (nodes.missingLeft[node] > 1) return `the direction ${nodes.missingLeft[node]}`;
  const right = nodes.right[node];
  if (!(right > node + 1 && right < end)) return `the right child ${right}`;
  const below = nodes.cover[node + 1] + nodes.cover[right];
  return Math.abs(below - cover) <= 1e-6 * cover ? null : `the cover ${cover} over children of ${below}`;
}
