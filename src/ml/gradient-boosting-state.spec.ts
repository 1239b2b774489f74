import { loadModel } from './factory.js';
import { learnable } from './fixtures/boosting.js';
import type { ForestNodes } from './forest/nodes.js';
import { GradientBoosting } from './gradient-boosting.js';
import { ModelStateError } from './learner.js';

describe('a stored gradient boosting model', () => {
  const { x, y } = learnable(200, 7);
  const model = new GradientBoosting({ maxIter: 5 }).fit(x, y, { seed: 1 });

  it('comes back the same to the bit', () => {
    const loaded = loadModel(structuredClone(model.toState()));
    expect(loaded.predict(x)).toEqual(model.predict(x));
    expect(loaded.explain(x.row(3))).toEqual(model.explain(x.row(3)));
  });

  it.each<[keyof ForestNodes, number, number]>([
    ['right', 0, 0],
    ['right', 0, 1],
    ['right', 0, 1e6],
    ['feature', 0, 5],
    ['feature', 0, -1],
    ['threshold', 0, NaN],
    ['flags', 0, 4],
    ['value', 1, NaN],
    ['value', 1, -1e300],
    ['cover', 1, 0],
    ['starts', 1, 2],
  ])('is refused with %s[%i] = %d', (name, at, value) => {
    const state = model.toState();
    const array = state.arrays[name].slice();
    array[at] = value;
    expect(() => loadModel({ ...state, arrays: { ...state.arrays, [name]: array } })).toThrow(
      ModelStateError,
    );
  });

  it.each([NaN, Infinity, 1e300, '0', null])('is refused with the intercept %p', (intercept) => {
    const state = model.toState();
    expect(() => loadModel({ ...state, meta: { ...state.meta, intercept } })).toThrow(ModelStateError);
  });
});
