import { AdaBoost } from '../ada-boost.js';
import { DecisionTree } from '../decision-tree.js';
import { ExtraTrees } from '../extra-trees.js';
import { loadModel } from '../factory.js';
import type { LearnerOptions, Model } from '../learner.js';
import { Matrix } from '../matrix.js';
import { Random } from '../random.js';
import { RandomForest } from '../random-forest.js';
import { type ForestNodes, goesLeft, isCategorical } from './nodes.js';

const nodesOf = (model: Model): ForestNodes => model.toState().arrays as unknown as ForestNodes;

const stump = (rows: number[][], labels: number[], options: LearnerOptions = {}): ForestNodes =>
  nodesOf(
    new DecisionTree({ maxDepth: 1, ...options }).fit(Matrix.fromRows(rows), Uint8Array.from(labels), {
      seed: 1,
      categorical: [0],
    }),
  );

const leafOf = (nodes: ForestNodes, row: ArrayLike<number>, root = 0): number => {
  let node = root;
  while (nodes.feature[node] >= 0) {
    node = goesLeft(nodes, node, row[nodes.feature[node]]) ? node + 1 : nodes.right[node];
  }
  return node;
};

const impurities = {
  gini: (benign: number, threat: number): number => (benign * threat) / Math.max(1, benign + threat),
  entropy: (benign: number, threat: number): number =>
    [benign, threat].reduce(
      (sum, part) => sum - (part > 0 ? part * Math.log(part / (benign + threat)) : 0),
      0,
    ),
};

/** The lowest impurity that any way to send the categories and the missing values left and right leaves. */
function lowestImpurity(values: number[], labels: number[], criterion: 'gini' | 'entropy'): number {
  const groups = [...new Set(values.map(String))];
  let lowest = Infinity;
  for (let subset = 1; subset < (1 << groups.length) - 1; subset++) {
    const sums = [0, 0, 0, 0];
    values.forEach((value, i) => sums[2 * ((subset >> groups.indexOf(String(value))) & 1) + labels[i]]++);
    lowest = Math.min(
      lowest,
      impurities[criterion](sums[0], sums[1]) + impurities[criterion](sums[2], sums[3]),
    );
  }
  return lowest;
}

describe('a split of categories', () => {
  it.each(['gini', 'entropy'] as const)(
    'is the best of all subsets by %s, missing values included',
    (criterion) => {
      const random = new Random(7);
      for (let round = 0; round < 40; round++) {
        const values = Array.from({ length: 60 }, () => (random.float() < 0.1 ? NaN : 30 * random.below(7)));
        const labels = values.map((_, i) => (i < 2 ? i : random.below(2)));
        const rows = values.map((value) => [value]);
        const nodes = stump(rows, labels, { criterion });
        const sums = [0, 0, 0, 0];
        rows.forEach((row, i) => sums[2 * (leafOf(nodes, row) === 1 ? 1 : 0) + labels[i]]++);
        const found = impurities[criterion](sums[0], sums[1]) + impurities[criterion](sums[2], sums[3]);
        expect(found).toBeCloseTo(lowestImpurity(values, labels, criterion), 9);
      }
    },
  );

  const rows = [[0], [1], [2], [3], [0], [1], [2], [3], [2]];
  const labels = [0, 1, 0, 1, 0, 1, 0, 1, 0];

  it('parts at once what is no interval of the codes', () => {
    const nodes = stump(rows, labels);
    expect([...nodes.feature]).toEqual([0, -1, -1]);
    expect(nodes.flags[0] & isCategorical).toBe(isCategorical);
    expect([...nodes.value]).toEqual([4 / 9, 0, 1]);
    expect([...nodes.cover]).toEqual([9, 5, 4]);
  });

  it('sends what training never saw to the heavier side, as it does missing values', () => {
    const nodes = stump(rows, labels);
    for (const value of [NaN, 4, 254, 0.5, -1, 300]) expect(leafOf(nodes, [value])).toBe(1);
    const threats = stump([...rows, [1], [3]], [...labels, 1, 1]);
    for (const value of [NaN, 4, 254]) expect(leafOf(threats, [value])).toBe(2);
  });

  it('sends what training never saw where missing values went', () => {
    const nodes = stump([...rows, [NaN], [NaN]], [...labels, 1, 1]);
    for (const value of [NaN, 4, 254, 1.5]) expect(nodes.value[leafOf(nodes, [value])]).toBe(1);
  });

  it('splits on being missing alone', () => {
    const nodes = stump([[5], [5], [NaN]], [0, 0, 1]);
    expect([...nodes.cover]).toEqual([3, 2, 1]);
    expect([leafOf(nodes, [5]), leafOf(nodes, [NaN]), leafOf(nodes, [6])]).toEqual([1, 2, 2]);
  });

  it('keeps minSamplesLeaf rows on both sides', () => {
    // Shares and codes put the categories in the order 1, 2, 3, 0.
    const [sizes, labels] = [[[1], [2], [2], [3], [3], [0]], [0, 0, 0, 0, 0, 1]]; // prettier-ignore
    expect([...stump(sizes, labels).cover]).toEqual([6, 5, 1]);
    expect([...stump(sizes, labels, { minSamplesLeaf: 3 }).cover]).toEqual([6, 3, 3]);
  });
});

describe('learners of trees', () => {
  const random = new Random(3);
  const rows = Array.from({ length: 400 }, () => [random.below(100), random.below(40), random.float()]);
  // No interval of either code says anything.
  const label = ([, b, c]: number[]): number => +((((b * 17) % 40) / 40 + c) / 2 > 0.5);
  const x = Matrix.fromRows(rows.slice(0, 200));
  const y = Uint8Array.from(rows.slice(0, 200), label);

  it.each([RandomForest, ExtraTrees, DecisionTree, AdaBoost])('take categories: %p', (Learner) => {
    const model = new Learner().fit(x, y, { seed: 1, categorical: [0, 1] });
    const nodes = nodesOf(model);
    nodes.feature.forEach((column, node) => {
      if (column >= 0) expect((nodes.flags[node] & isCategorical) !== 0).toBe(column < 2);
    });
    const loaded = loadModel(structuredClone(model.toState()));
    expect(loaded.toState()).toEqual(model.toState());
    expect(loaded.predict(x)).toEqual(model.predict(x));
  });

  it('tell categories apart better than their codes as numbers do', () => {
    const test = rows.slice(200);
    const wrong = (categorical?: number[]): number => {
      const nodes = nodesOf(new RandomForest().fit(x, y, { seed: 1, categorical }));
      const share = (row: number[]): number =>
        nodes.starts.subarray(0, -1).reduce((sum, root) => sum + nodes.value[leafOf(nodes, row, root)], 0) /
        100;
      return test.filter((row) => +(share(row) > 0.5) !== label(row)).length;
    };
    expect(wrong([1])).toBeLessThan(0.8 * wrong());
  });
});

describe('a random split of categories', () => {
  it('sends each subset left equally often, whatever the labels', () => {
    const x = Matrix.fromRows([[0], [1], [2]]);
    const forest = new ExtraTrees({ nEstimators: 3000, maxDepth: 1 });
    const nodes = nodesOf(forest.fit(x, Uint8Array.of(0, 0, 1), { seed: 1, categorical: [0] }));
    const times = new Map<number, number>();
    for (const root of nodes.starts.subarray(0, -1)) {
      const sides = [0, 1, 2].map((value) => (goesLeft(nodes, root, value) ? 1 : 0));
      const subset = sides[0] + 2 * sides[1] + 4 * sides[2];
      times.set(subset, (times.get(subset) ?? 0) + 1);
    }
    expect([...times.keys()].sort()).toEqual([1, 2, 3, 4, 5, 6]);
    for (const count of times.values()) expect(Math.abs(count - 500)).toBeLessThan(110);
  });
});
