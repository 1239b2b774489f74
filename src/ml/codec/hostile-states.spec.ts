import { loadModel } from '../factory.js';
import { type ModelState, ModelStateError } from '../learner.js';
import { Matrix } from '../matrix.js';
import { smallModels, smallRows } from './fixtures/small-models.js';

/** A stump over one column; its right leaf has the cover `right`. */
function stump(left: number, right: number): ModelState {
  const arrays = {
    starts: Int32Array.of(0, 3),
    feature: Int32Array.of(0, -1, -1),
    threshold: Float64Array.of(0.5, 0, 0),
    flags: new Uint8Array(3),
    right: Int32Array.of(2, 0, 0),
    value: Float64Array.of(0.5, 0.2, 1),
    cover: Float64Array.of(left + right, left, right),
    sets: new Uint32Array(0),
  };
  return { learner: 'random-forest', meta: { columns: 1 }, arrays };
}

/** Trees of 256 lowest splits whose right child is one and the same node, the next such tree: 257 parents a node. */
function knot(layers: number): ModelState {
  const feature: number[] = [];
  const right: number[] = [];
  const add = (column: number): number => right.push(0) && feature.push(column) - 1;
  const tree = (depth: number, lowest: number[]): number => {
    const node = add(0);
    if (depth === 0) {
      add(-1);
      lowest.push(node);
    } else {
      tree(depth - 1, lowest);
      right[node] = tree(depth - 1, lowest);
    }
    return node;
  };
  const layer = (left: number): number => {
    const top = add(0);
    const lowest = [top];
    tree(8, lowest);
    const next = left === 0 ? add(-1) : layer(left - 1);
    lowest.forEach((node) => (right[node] = next));
    return top;
  };
  layer(layers);
  const cover = new Float64Array(feature.length).fill(1);
  for (let node = cover.length - 1; node >= 0; node--) {
    if (feature[node] >= 0) cover[node] = cover[node + 1] + cover[right[node]];
  }
  const arrays = {
    starts: Int32Array.of(0, feature.length),
    feature: Int32Array.from(feature),
    threshold: Float64Array.from(feature, (column) => (column < 0 ? 0 : 0.5)),
    flags: new Uint8Array(feature.length),
    right: Int32Array.from(right),
    value: new Float64Array(feature.length).fill(0.5),
    cover,
    sets: new Uint32Array(0),
  };
  return { learner: 'random-forest', meta: { columns: 1 }, arrays };
}

/** A fitted model's state with the numbers of one array changed. */
function changed(learner: string, array: string, change: (value: number, i: number) => number): ModelState {
  const state = smallModels.find((model) => model.learner === learner)!.toState();
  return { ...state, arrays: { ...state.arrays, [array]: Float64Array.from(state.arrays[array], change) } };
}

function isRefusedOrFinite(state: ModelState, rows: Matrix): boolean {
  try {
    const model = loadModel(state);
    const { base, values } = model.explain(rows.row(0));
    return model.predict(rows).every((p) => p >= 0 && p <= 1) && [base, ...values].every(Number.isFinite);
  } catch (error) {
    if (error instanceof ModelStateError) return true;
    throw error;
  }
}

describe('a stored model is refused, or finite and soon done, with', () => {
  const one = Matrix.fromRows([[1], [0]]);

  it('nodes of 257 parents', () => {
    expect(() => loadModel(knot(1))).toThrow(ModelStateError);
  });

  it.each<[string, ModelState]>([
    ['next to nothing of the cover on the right', stump(1, 1e-20)],
    ['next to nothing of the cover on the left', stump(5e-324, 1e10)],
  ])('%s', (_, state) => expect(isRefusedOrFinite(state, one)).toBe(true));

  it.each<[string, ModelState]>([
    [
      'coefficients that overflow',
      changed('logistic-regression', 'coefficients', (_, i) => (i % 2 ? 1e308 : -1e308)),
    ],
    ['means that overflow', changed('logistic-regression', 'means', () => 1e308)],
    ['weights of trees whose sum is next to nothing', changed('ada-boost', 'estimatorWeights', () => 5e-324)],
    [
      'points that are too far to measure',
      changed('k-nearest-neighbors', 'points', (_, i) => (i % 2 ? 1e300 : -1e300)),
    ],
    [
      'steps of log-odds at their largest',
      changed('gradient-boosting', 'value', (_, i) => (i % 2 ? 1e100 : -1e100)),
    ],
  ])('%s', (_, state) => expect(isRefusedOrFinite(state, smallRows)).toBe(true));

  it('votes that overflow', () => {
    const { arrays, ...rest } = changed('k-nearest-neighbors', 'weight', () => 1e308);
    const threat = Float64Array.from(arrays.threat, () => 1e308);
    expect(isRefusedOrFinite({ ...rest, arrays: { ...arrays, threat } }, smallRows)).toBe(true);
  });
});
