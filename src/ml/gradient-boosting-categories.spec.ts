import { nodes } from './fixtures/boosting.js';
import { goesLeft, type ForestNodes } from './forest/nodes.js';
import { GradientBoosting, type GradientBoostingModel } from './gradient-boosting.js';
import type { LearnerOptions } from './learner.js';
import { Matrix } from './matrix.js';
import { Random } from './random.js';

/** 40 rows of each of the categories; odd ones are threats, and so are missing ones if `missing` says so. */
function fitParity(
  categories: number[],
  missing?: number,
  options: LearnerOptions = {},
): GradientBoostingModel {
  const rows = categories.flatMap((category) => new Array<number[]>(40).fill([category]));
  const labels = rows.map(([category]) => category % 2);
  if (missing !== undefined) {
    rows.push(...new Array<number[]>(40).fill([NaN]));
    labels.push(...new Array<number>(40).fill(missing));
  }
  return new GradientBoosting({ maxIter: 1, ...options }).fit(
    Matrix.fromRows(rows),
    Uint8Array.from(labels),
    {
      seed: 0,
      categorical: [0],
    },
  );
}

/** The value of the leaf in the first tree where a row with this category ends. */
function leafOf(model: GradientBoostingModel, category: number): number {
  const trees = model.toState().arrays as unknown as ForestNodes;
  let node = 0;
  while (trees.feature[node] >= 0) node = goesLeft(trees, node, category) ? node + 1 : trees.right[node];
  return trees.value[node];
}

describe('gradient boosting of categories', () => {
  it('parts categories that have no order by one split', () => {
    const model = fitParity([3, 4, 5, 6, 200, 201]);
    expect(nodes(model)).toMatchObject({ feature: [0, -1, -1], cover: [240, 120, 120] });
    for (const odd of [3, 5, 201]) expect(leafOf(model, odd)).toBeGreaterThan(0);
    for (const even of [4, 6, 200]) expect(leafOf(model, even)).toBeLessThan(0);
  });

  it('takes numbers in their order where the column is not categorical', () => {
    const rows = Matrix.fromRows([3, 4, 5, 6].flatMap((value) => new Array<number[]>(40).fill([value])));
    const y = Uint8Array.from({ length: 160 }, (_, row) => Number(rows.at(row, 0)) % 2);
    expect(nodes(new GradientBoosting({ maxIter: 1 }).fit(rows, y, { seed: 0 })).cover).toHaveLength(7);
  });

  it.each([0, 1])('sends missing values where they belong, and unseen categories after them: %i', (label) => {
    const model = fitParity([3, 4, 5, 6], label);
    expect(nodes(model).cover.slice(0, 3).sort()).toEqual([120, 200, 80]);
    for (const unseen of [NaN, 7, 254, 255, -1, 3.5]) {
      expect(Math.sign(leafOf(model, unseen))).toBe(label === 1 ? 1 : -1);
    }
  });

  it('sends what it never saw to the heavier side where nothing was missing', () => {
    const model = fitParity([1, 3, 5, 2]);
    expect(leafOf(model, NaN)).toBeGreaterThan(0);
    expect(leafOf(model, 77)).toBe(leafOf(model, NaN));
  });

  it('ranks only categories of enough rows, and keeps minSamplesLeaf rows in every leaf', () => {
    const random = new Random(8);
    const rows = Array.from({ length: 900 }, () => [random.below(60), random.below(9), random.below(2)]);
    const y = Uint8Array.from(rows, ([a, b]) => Number((a * 37 + b * 11) % 5 < 2));
    const context = { seed: 0, categorical: [0, 1] };
    const model = new GradientBoosting({ maxIter: 20, minSamplesLeaf: 25 }).fit(
      Matrix.fromRows(rows),
      y,
      context,
    );
    const { cover, right, flags } = nodes(model);
    expect(flags.filter((flag) => flag >= 2).length).toBeGreaterThan(20);
    expect(Math.min(...cover.filter((_, node) => right[node] === 0))).toBeGreaterThanOrEqual(25);
  });

  it('steps on rows that were not drawn by the same sets', () => {
    const losses = [0.5, 1].map((subsample) => {
      const model = fitParity([3, 4, 5, 6, 8, 11], 1, { subsample, maxIter: 60, minSamplesLeaf: 5 });
      return [3, 4, 5, 6, 8, 11].map((category) => Math.sign(leafOf(model, category)));
    });
    expect(losses).toEqual([
      [1, -1, 1, -1, -1, 1],
      [1, -1, 1, -1, -1, 1],
    ]);
  });
});
