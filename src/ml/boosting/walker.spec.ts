import type { ForestNodes } from '../forest/nodes.js';
import { ForestWalker } from '../forest/walker.js';
import { Matrix } from '../matrix.js';
import { Random } from '../random.js';
import { RandomForest } from '../random-forest.js';
import { BoostedWalker } from './walker.js';

describe('BoostedWalker', () => {
  it.each([1, 63, 64, 300])('ends in %i rows at the leaves where a plain walk ends', (count) => {
    const random = new Random(count);
    const value = (): number => (random.float() < 0.2 ? NaN : random.below(9) / 2);
    const row = (): number[] => [value(), value(), random.float(), random.below(2)];
    const train = Matrix.fromRows(Array.from({ length: 200 }, row));
    const y = Uint8Array.from({ length: 200 }, () => random.below(2));
    const model = new RandomForest({ nEstimators: 5 }).fit(train, y, { seed: 1 });
    const nodes = model.toState().arrays as unknown as ForestNodes;
    const x = Matrix.fromRows([[NaN, Infinity, -Infinity, 0], ...Array.from({ length: count - 1 }, row)]);
    const wanted = new Float64Array(count);
    const block = Float64Array.from({ length: 4 * count }, (_, i) => x.at(i >> 2, i & 3));
    new ForestWalker(nodes).addTrees(block, 4, wanted);
    const found = new Float64Array(count);
    new BoostedWalker(nodes).addTrees(x, found);
    expect(found).toEqual(wanted);
  });

  it('adds up trees of a single leaf', () => {
    const leaf: ForestNodes = {
      starts: Int32Array.of(0, 1),
      feature: Int32Array.of(-1),
      threshold: new Float64Array(1),
      missingLeft: new Uint8Array(1),
      right: new Int32Array(1),
      value: Float64Array.of(0.3),
      cover: Float64Array.of(10),
    };
    const out = new Float64Array(5);
    new BoostedWalker(leaf).addTrees(new Matrix(5, 2), out);
    expect([...out]).toEqual(new Array(5).fill(0.3));
  });
});
