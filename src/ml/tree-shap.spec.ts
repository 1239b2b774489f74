import fc from 'fast-check';
import { type ForestNodes, goesLeft } from './forest/nodes.js';
import { Matrix } from './matrix.js';
import { Random } from './random.js';
import { RandomForest } from './random-forest.js';
import { ShapMemo } from './shap-memo.js';
import { TreeExplainer } from './tree-shap.js';

/** The expected output where only the features of the set `present` (bits) are known (Algorithm 1 of the paper). */
function expectedValue(nodes: ForestNodes, row: Float64Array, present: number, node: number): number {
  const column = nodes.feature[node];
  if (column < 0) return nodes.value[node];
  const left = node + 1;
  const right = nodes.right[node];
  if ((present >> column) & 1) {
    return expectedValue(nodes, row, present, goesLeft(nodes, node, row[column]) ? left : right);
  }
  const weighted = (child: number): number => nodes.cover[child] * expectedValue(nodes, row, present, child);
  return (weighted(left) + weighted(right)) / (nodes.cover[left] + nodes.cover[right]);
}

/** Shapley values by their definition, over all sets of features. */
function shapley(nodes: ForestNodes, row: Float64Array): number[] {
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  const bits = (set: number): number => (set === 0 ? 0 : (set & 1) + bits(set >> 1));
  const trees = Array.from(nodes.starts.slice(0, -1));
  const output = (set: number): number =>
    trees.reduce((sum, root) => sum + expectedValue(nodes, row, set, root), 0) / trees.length;
  const n = row.length;
  return Array.from(row, (_, j) => {
    let value = 0;
    for (let set = 0; set < 1 << n; set++) {
      if ((set >> j) & 1) continue;
      const weight = (factorial(bits(set)) * factorial(n - bits(set) - 1)) / factorial(n);
      value += weight * (output(set | (1 << j)) - output(set));
    }
    return value;
  });
}

/** A forest on small numbers, of which every other column's are taken for categories if it is told so. */
function randomForest(
  seed: number,
  columns: number,
  withCategories = false,
): { x: Matrix; nodes: ForestNodes } {
  const random = new Random(seed);
  const value = (_: unknown, j: number): number =>
    random.float() < 0.15 ? NaN : random.below(6) / (withCategories && j % 2 === 0 ? 1 : 2);
  const rows = Array.from({ length: 60 }, () => Array.from({ length: columns }, value));
  const y = Uint8Array.from(rows, (_, i) => (i < 2 ? i : random.below(2)));
  const x = Matrix.fromRows(rows);
  const sampleWeight = Float64Array.from(rows, () => 0.5 + random.float());
  const categorical = withCategories ? [...rows[0].keys()].filter((j) => j % 2 === 0) : undefined;
  const forest = new RandomForest({ nEstimators: 4, maxFeatures: 2 });
  const model = forest.fit(x, y, { seed, sampleWeight, categorical });
  return { x, nodes: model.toState().arrays as unknown as ForestNodes };
}

/** One tree that asks for one column after the other: at each, a row that is above ends. */
function chain(columns: number): { x: Matrix; nodes: ForestNodes } {
  const size = 2 * columns + 1;
  const of = (make: (column: number) => [number, number]): number[] =>
    Array.from({ length: columns }, (_, column) => make(column)).flat();
  // Node 2k asks for column k; its left child is node 2k + 1, the leaf, and its right one node 2k + 2.
  const nodes: ForestNodes = {
    starts: Int32Array.of(0, size),
    feature: Int32Array.from([...of((column) => [column, -1]), -1]),
    threshold: new Float64Array(size),
    flags: new Uint8Array(size),
    sets: new Uint32Array(0),
    right: Int32Array.from([...of((column) => [2 * column + 2, 0]), 0]),
    value: Float64Array.from([...of((column) => [0, 1 + (column % 3)]), 1]),
    cover: Float64Array.from([...of((column) => [2 ** (columns - column), 2 ** (columns - column - 1)]), 1]),
  };
  const x = Matrix.fromRows([
    Array.from({ length: columns }, () => 1),
    Array.from({ length: columns }, (_, j) => j % 2),
    Array.from({ length: columns }, (_, j) => (j === 9 ? -1 : 1)),
  ]);
  return { x, nodes };
}

/** The value that the only tree gives a row. */
function leafOf(nodes: ForestNodes, row: Float64Array): number {
  let node = 0;
  while (nodes.feature[node] >= 0) {
    node = goesLeft(nodes, node, row[nodes.feature[node]]) ? node + 1 : nodes.right[node];
  }
  return nodes.value[node];
}

const anySeed = fc.integer({ min: 0, max: 1e6 });

describe('TreeExplainer', () => {
  // One tree: x0 <= 0 ? 0 : (x1 <= 0 ? 0 : 1), half of the rows on each side of both cuts.
  const and: ForestNodes = {
    starts: Int32Array.of(0, 5),
    feature: Int32Array.of(0, -1, 1, -1, -1),
    threshold: new Float64Array(5),
    flags: new Uint8Array(5),
    sets: new Uint32Array(0),
    right: Int32Array.of(2, 0, 4, 0, 0),
    value: Float64Array.of(0.25, 0, 0.5, 0, 1),
    cover: Float64Array.of(8, 4, 4, 2, 2),
  };

  it('splits the and of two features as worked out by hand', () => {
    const explainer = new TreeExplainer(and, 3);
    expect(explainer.base).toBe(0.25);
    const both = explainer.explain(Float64Array.of(1, 1, 1)).values;
    expect(both[0]).toBeCloseTo(0.375, 14);
    expect(both[1]).toBeCloseTo(0.375, 14);
    expect(both[2]).toBe(0);
    // Alone x0 gives 0.5 - 0.25, after x1 (0.0) gives 0; alone x1 gives 0 - 0.25, after x0 0 - 0.5.
    const first = explainer.explain(Float64Array.of(1, 0, 1)).values;
    expect(first[0]).toBeCloseTo(0.125, 14);
    expect(first[1]).toBeCloseTo(-0.375, 14);
  });

  it('gives the Shapley values of their definition, of numbers and categories', () => {
    fc.assert(
      fc.property(anySeed, fc.integer({ min: 1, max: 5 }), fc.boolean(), (seed, columns, withCategories) => {
        const { x, nodes } = randomForest(seed, columns, withCategories);
        // A category that training never had, and one that is none.
        const strange = Float64Array.from({ length: columns }, (_, j) => (j === 0 ? 77 : 2.5));
        for (const row of [x.row(seed % x.rows), strange]) {
          const wanted = shapley(nodes, row);
          const { values } = new TreeExplainer(nodes, columns).explain(row);
          values.forEach((value, j) => expect(value).toBeCloseTo(wanted[j], 12));
        }
      }),
      { numRuns: 25 },
    );
  });

  it.each([true, false])('gives the same of small trees and of those too large to remember: %j', (large) => {
    const columns = large ? 34 : 10;
    const { x, nodes } = chain(columns);
    expect(ShapMemo.of(nodes, columns) === null).toBe(large);
    const explainer = new TreeExplainer(nodes, columns);
    for (const row of [0, 1, 2, 0, 1].map((i) => x.row(i))) {
      const { base, values } = explainer.explain(row);
      if (!large) shapley(nodes, row).forEach((wanted, j) => expect(values[j]).toBeCloseTo(wanted, 9));
      const sum = values.reduce((total, value) => total + value, base);
      expect(sum).toBeCloseTo(leafOf(nodes, row), 9);
    }
  });

  it('adds up to the prediction', () => {
    fc.assert(
      fc.property(anySeed, fc.integer({ min: 1, max: 12 }), fc.boolean(), (seed, columns, withCategories) => {
        const { x, nodes } = randomForest(seed, columns, withCategories);
        const explainer = new TreeExplainer(nodes, columns);
        const known = (1 << columns) - 1;
        for (let i = 0; i < x.rows; i++) {
          const { base, values } = explainer.explain(x.row(i));
          const sum = values.reduce((total, value) => total + value, base);
          const leaves = Array.from(nodes.starts.subarray(0, -1), (root) =>
            expectedValue(nodes, x.row(i), known, root),
          );
          expect(Math.abs(sum - leaves.reduce((a, b) => a + b) / leaves.length)).toBeLessThan(1e-9);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('explains a forest of single leaves by its base alone', () => {
    const leaf: ForestNodes = {
      starts: Int32Array.of(0, 1),
      feature: Int32Array.of(-1),
      threshold: new Float64Array(1),
      flags: new Uint8Array(1),
      sets: new Uint32Array(0),
      right: new Int32Array(1),
      value: Float64Array.of(0.3),
      cover: Float64Array.of(10),
    };
    const { base, values } = new TreeExplainer(leaf, 2).explain(Float64Array.of(1, 2));
    expect(base).toBe(0.3);
    expect([...values]).toEqual([0, 0]);
  });
});
