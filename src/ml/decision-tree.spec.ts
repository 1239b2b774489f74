import { readFileSync } from 'node:fs';
import { DecisionTree } from './decision-tree.js';
import type { LearnerOptions } from './learner.js';
import { Matrix } from './matrix.js';
import { Random } from './random.js';
import { RandomForest } from './random-forest.js';

const stored = JSON.parse(
  readFileSync(new URL('./fixtures/scikit-learn-trees.json', import.meta.url), 'utf8'),
);

function grow(rows: number[][], labels: number[], options: LearnerOptions = {}): Record<string, number[]> {
  const model = new DecisionTree(options).fit(Matrix.fromRows(rows), Uint8Array.from(labels), { seed: 1 });
  const { arrays } = model.toState();
  return Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, Array.from(array)]));
}

describe('the decision tree', () => {
  const rows = [[0, 1], [1, 1], [0, 1], [1, 1], [1, 1], [1, 1], [1, 0]]; // prettier-ignore
  const labels = [0, 0, 1, 1, 1, 1, 1];

  it('splits by Gini impurity, 1 x 1 / 2 + 1 x 4 / 5 = 1.3 against 0 + 2 x 4 / 6 = 1.33', () => {
    expect(grow(rows, labels, { maxDepth: 1 })).toMatchObject({
      feature: [0, -1, -1],
      threshold: [0.5, 0, 0],
      value: [5 / 7, 1 / 2, 4 / 5],
      cover: [7, 2, 5],
    });
  });

  it('splits by entropy, 2 H(1/2) + 5 H(1/5) = 5.61 bits against 6 H(1/3) = 5.51', () => {
    expect(grow(rows, labels, { maxDepth: 1, criterion: 'entropy' })).toMatchObject({
      feature: [1, -1, -1],
      value: [5 / 7, 1, 4 / 6],
      cover: [7, 1, 6],
    });
  });

  it('is a forest of one tree without bootstrap', () => {
    const random = new Random(2);
    const x = Matrix.fromRows(Array.from({ length: 80 }, () => [random.below(9), random.float()]));
    const y = Uint8Array.from({ length: 80 }, (_, i) => (i < 2 ? i : random.below(2)));
    const tree = new DecisionTree({ maxFeatures: 1 }).fit(x, y, { seed: 4 }).toState();
    const one = { nEstimators: 1, bootstrap: false, maxFeatures: 1 };
    expect(tree.arrays).toEqual(new RandomForest(one).fit(x, y, { seed: 4 }).toState().arrays);
  });

  it('draws its thresholds where the splitter is random', () => {
    const { threshold } = grow([[1], [2]], [0, 1], { splitter: 'random' });
    expect(threshold[0]).not.toBe(1.5);
    expect(threshold[0] >= 1 && threshold[0] < 2).toBe(true);
  });

  it.each(stored.decisionTree as { options: LearnerOptions; probability: number[] }[])(
    'agrees with scikit-learn at $options',
    ({ options, probability }) => {
      const model = new DecisionTree(options).fit(Matrix.fromRows(stored.x), Uint8Array.from(stored.y), {
        seed: 3,
      });
      model
        .predict(Matrix.fromRows(stored.query))
        .forEach((p, i) => expect(p).toBeCloseTo(probability[i], 12));
    },
  );

  it('refuses bad options', () => {
    expect(() => new DecisionTree({ criterion: 'log_loss' })).toThrow(
      'decision-tree: criterion must be "gini" or "entropy", got "log_loss"',
    );
    expect(() => new DecisionTree({ nEstimators: 5 })).toThrow('there is no option "nEstimators"');
  });
});
