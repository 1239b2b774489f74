import { deepestLevel, type ForestNodes, goesLeft } from './forest/nodes.js';
import type { Contributions } from './learner.js';
import { gaussLegendre, type Quadrature } from './quadrature.js';
import { ShapMemo } from './shap-memo.js';

/** Below every share that honest covers give. */
const smallestShare = 1e-300;

export interface TreeOutput {
  readonly offset: number;
  readonly divisor: number;
}

/**
 * Exact path-dependent TreeSHAP: the Shapley values of Lundberg et al. 2020 ("From local explanations to global
 * understanding with explainable AI for trees", Algorithm 2), of the mean or sum of the trees' leaf values, where an
 * absent feature sends the row down both branches in proportion to their cover.
 *
 * A leaf of value v is a product game: with a feature absent it keeps the share z of the cover at the
 * feature's splits, with it present all or nothing, o = 1 or 0. The Shapley value of feature i in it is, by the
 * diagonal formula of the multilinear extension (Owen 1972),
 *
 *     v (o_i - z_i) * integral over t in [0, 1] of the product over j != i of z_j + t (o_j - z_j)
 *
 * The integrand is a polynomial, so Gauss-Legendre points integrate it exactly, and sums over the leaves below
 * a branch are shared: time is nodes x depth / 2 where Algorithm 2 takes leaves x depth squared (the same idea
 * is behind Linear TreeSHAP, Yu et al. 2022). Small trees remember what they gave, see `shap-memo.ts`.
 */
export class TreeExplainer {
  /** The mean output as the covers have it. */
  readonly base: number;

  private readonly trees: number;
  private readonly divisor: number;
  /** Each tree's own rule: the fewest points that are exact for its paths. */
  private readonly rules: readonly Quadrature[];
  private rule: Quadrature;
  /** z and o of each column on the path to the node in hand; 1 and 1 off the path, which changes nothing. */
  private readonly zero: Float64Array;
  private readonly one: Float64Array;
  /** For each level and point: the product over the path, and the sum over the leaves below of value x product. */
  private readonly products: Float64Array;
  private readonly sums: Float64Array;
  /** Null where the trees are too large for it. */
  private readonly memo: ShapMemo | null;
  private row: Float64Array = new Float64Array(0);
  private values: Float64Array = new Float64Array(0);

  /** @param output how the trees' values make the output: their sum / divisor + offset; their mean when left out */
  constructor(
    private readonly nodes: ForestNodes,
    private readonly columns: number,
    { offset, divisor }: TreeOutput = { offset: 0, divisor: nodes.starts.length - 1 },
  ) {
    const features = featuresOnPaths(nodes, columns);
    const rules = Array.from({ length: Math.max(...features) + 1 }, (_, n) =>
      gaussLegendre(Math.ceil(n / 2)),
    );
    this.trees = features.length;
    this.rules = features.map((n) => rules[n]);
    this.rule = this.rules[0];
    const size = (deepestLevel(nodes) + 1) * Math.ceil(rules.length / 2);
    this.zero = new Float64Array(columns).fill(1);
    this.one = new Float64Array(columns).fill(1);
    this.products = new Float64Array(size);
    this.sums = new Float64Array(size);
    this.memo = ShapMemo.of(nodes, columns);
    this.divisor = divisor;
    this.base = offset + this.meanSum() / divisor;
  }

  /** Contributions of one row of `columns` values. */
  explain(row: Float64Array): Contributions {
    this.row = row;
    const values = new Float64Array(this.columns);
    if (this.memo) this.memo.add(row, values, this.explainTree);
    else for (let tree = 0; tree < this.trees; tree++) this.explainTree(tree, values);
    return { base: this.base, values: values.map((value) => value / this.divisor) };
  }

  private readonly explainTree = (tree: number, values: Float64Array): void => {
    this.values = values;
    this.rule = this.rules[tree];
    this.products.fill(1, 0, this.rule.points.length);
    this.visit(this.nodes.starts[tree], 0);
  };

  /** Preorder puts children behind their parent, so one walk from the end has each mean when it is needed. */
  private meanSum(): number {
    const { starts, feature, right, value } = this.nodes;
    const means = value.slice();
    for (let node = means.length - 1; node >= 0; node--) {
      if (feature[node] < 0) continue;
      const share = this.leftShare(node);
      means[node] = share * means[node + 1] + (1 - share) * means[right[node]];
    }
    let sum = 0;
    for (let tree = 0; tree < this.trees; tree++) sum += means[starts[tree]];
    return sum;
  }

  private leftShare(node: number): number {
    const { cover, right } = this.nodes;
    return cover[node + 1] / (cover[node + 1] + cover[right[node]]);
  }

  /** Fills the sums of `level`, whose products stand ready. */
  private visit(node: number, level: number): void {
    const { feature, right, value } = this.nodes;
    const { products, sums } = this;
    const count = this.rule.points.length;
    const start = level * count;
    const column = feature[node];
    if (column < 0) {
      for (let q = start; q < start + count; q++) sums[q] = value[node] * products[q];
      return;
    }
    sums.fill(0, start, start + count);
    const left = goesLeft(this.nodes, node, this.row[column]);
    const leftShare = this.leftShare(node);
    this.follow(node + 1, level, column, leftShare, left);
    this.follow(right[node], level, column, 1 - leftShare, !left);
  }

  /** Visits a child and adds what `column` contributes to the leaves below it. */
  private follow(child: number, level: number, column: number, share: number, passes: boolean): void {
    const { nodes, products, sums } = this;
    const { points, weights } = this.rule;
    if (nodes.feature[child] < 0 && nodes.value[child] === 0) return;
    const count = points.length;
    const here = level * count;
    const below = here + count;
    const zero = this.zero[column];
    const one = this.one[column];
    const gain = one - zero;
    // A share that underflows to 0 would be divided by further down.
    const childZero = Math.max(smallestShare, zero * share);
    const childOne = passes ? one : 0;
    const childGain = childOne - childZero;
    for (let q = 0; q < count; q++) {
      const factor = (childZero + points[q] * childGain) / (zero + points[q] * gain);
      products[below + q] = products[here + q] * factor;
    }
    this.zero[column] = childZero;
    this.one[column] = childOne;
    this.visit(child, level + 1);
    this.zero[column] = zero;
    this.one[column] = one;
    let contribution = 0;
    for (let q = 0; q < count; q++) {
      const sum = sums[below + q];
      sums[here + q] += sum;
      // Below this branch the column's factor is the child's and no longer the one from further up.
      const change = childGain / (childZero + points[q] * childGain) - gain / (zero + points[q] * gain);
      contribution += weights[q] * sum * change;
    }
    this.values[column] += contribution;
  }
}

/** For each tree, the most distinct columns that one path asks for. */
function featuresOnPaths(nodes: ForestNodes, columns: number): number[] {
  const { starts, feature, right } = nodes;
  const uses = new Int32Array(columns);
  const most = (node: number, onPath: number): number => {
    const column = feature[node];
    if (column < 0) return onPath;
    const next = uses[column]++ === 0 ? onPath + 1 : onPath;
    const found = Math.max(most(node + 1, next), most(right[node], next));
    uses[column]--;
    return found;
  };
  return Array.from(starts.subarray(0, -1), (root) => most(root, 0));
}
