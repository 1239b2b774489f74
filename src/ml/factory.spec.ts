import { CsrMatrix } from './csr-matrix.js';
import { createLearner, loadModel } from './factory.js';
import { type LearnerName, learnerNames, type ModelState, ModelStateError } from './learner.js';
import { Matrix } from './matrix.js';
import { Random } from './random.js';

const random = new Random(5);
const rows = Array.from({ length: 60 }, () => [random.below(5), random.below(5), random.below(5)]);
const dense = Matrix.fromRows(rows);
const x = new Matrix(60, 3, dense.data, CsrMatrix.fromDense(dense));
const y = Uint8Array.from(rows, ([a, b]) => (a + b > 4 ? 1 : 0));

const options = (name: LearnerName): Record<string, number> =>
  name.endsWith('forest') ? { nEstimators: 3 } : {};
const states = Object.fromEntries(
  learnerNames.map((name) => [name, createLearner(name, options(name)).fit(x, y, { seed: 1 }).toState()]),
) as Record<LearnerName, ModelState>;

describe.each(learnerNames)('%s', (name) => {
  it('says its options with the defaults filled in', () => {
    const learner = createLearner(name);
    expect(learner.name).toBe(name);
    expect(Object.keys(learner.options).length).toBeGreaterThan(1);
    expect(() => createLearner(name, { nosuch: 1 })).toThrow(`${name}: there is no option "nosuch"`);
  });

  it('comes back from its state the same to the bit, through JSON and bytes', () => {
    const model = createLearner(name, options(name)).fit(x, y, { seed: 1 });
    const state = model.toState();
    const arrays = Object.fromEntries(
      Object.entries(state.arrays).map(([key, array]) => [key, array.slice()]),
    );
    const loaded = loadModel({ ...state, meta: JSON.parse(JSON.stringify(state.meta)), arrays });
    expect(loaded.learner).toBe(name);
    expect(loaded.columns).toBe(3);
    expect(loaded.predict(x)).toEqual(model.predict(x));
    expect(loaded.explain(x.row(4), x.sparse!.row(4))).toEqual(model.explain(x.row(4), x.sparse!.row(4)));
    expect(loaded.toState()).toEqual(state);
  });

  it('has probabilities in [0, 1], for no rows as well', () => {
    const model = loadModel(states[name]);
    expect(model.predict(x).every((p) => p >= 0 && p <= 1)).toBe(true);
    expect(model.predict(x.take([]))).toHaveLength(0);
  });

  it.each(Object.keys(states[name].arrays))(
    'refuses a state without the array %s, or with one of another length',
    (key) => {
      const state = states[name];
      const { [key]: array, ...others } = state.arrays;
      expect(() => loadModel({ ...state, arrays: others })).toThrow(ModelStateError);
      const cut = array.length > 0 ? array.slice(1) : new Uint32Array(1);
      expect(() => loadModel({ ...state, arrays: { ...others, [key]: cut } })).toThrow(ModelStateError);
      const other = array instanceof Uint8Array ? new Int32Array(array) : Uint8Array.from(array);
      expect(() => loadModel({ ...state, arrays: { ...others, [key]: other } })).toThrow(ModelStateError);
    },
  );

  it.each(Object.keys(states[name].meta))('refuses a state with a bad %s', (key) => {
    for (const bad of [undefined, null, 'x', -1.5, {}, []]) {
      // A negative intercept is a good one.
      if (key === 'intercept' && bad === -1.5) continue;
      const meta = { ...states[name].meta, [key]: bad };
      expect(() => loadModel({ ...states[name], meta })).toThrow(ModelStateError);
    }
  });
});

/** The state with one entry of an array changed. */
function changed(name: LearnerName, array: string, at: number, value: number): ModelState {
  const copy = states[name].arrays[array].slice();
  copy[at] = value;
  return { ...states[name], arrays: { ...states[name].arrays, [array]: copy } };
}

describe('loadModel', () => {
  it.each([
    ['a walk in circles', 'right', 0, 0],
    ['a right child that is the left one', 'right', 0, 1],
    ['a child of another tree', 'right', 0, 1e6],
    ['a negative child', 'right', 0, -5],
    ['a child of two parents', 'right', 0, 3],
    ['a column that does not exist', 'feature', 0, 3],
    ['a column below the leaf mark', 'feature', 0, -2],
    ['an inner node turned into a leaf', 'feature', 0, -1],
    ['a threshold that is no number', 'threshold', 0, NaN],
    ['an endless threshold', 'threshold', 0, Infinity],
    ['a third direction', 'flags', 0, 4],
    ['a share above 1', 'value', 1, 1.01],
    ['a share that is no number', 'value', 1, NaN],
    ['a node that nothing reached', 'cover', 1, 0],
    ['a cover that is not its children together', 'cover', 0, 1000],
    ['trees that overlap', 'starts', 1, 0],
    ['a tree that begins inside another', 'starts', 1, 2],
    ['nodes before the first tree', 'starts', 0, 1],
  ])('refuses a forest with %s', (_, array, at, value) => {
    expect(() => loadModel(changed('random-forest', array, at, value))).toThrow(ModelStateError);
  });

  it.each([
    ['k-nearest-neighbors', 'points', 0, NaN],
    ['k-nearest-neighbors', 'rows', 0, 0],
    ['k-nearest-neighbors', 'weight', 0, 0],
    ['k-nearest-neighbors', 'threat', 0, 99],
    ['k-nearest-neighbors', 'reference', 0, Infinity],
    ['logistic-regression', 'coefficients', 0, NaN],
    ['logistic-regression', 'means', 0, -Infinity],
    ['ml-random-forest', 'reference', 0, NaN],
  ] as const)('refuses %s with a bad value in %s', (name, array, at, value) => {
    expect(() => loadModel(changed(name, array, at, value))).toThrow(ModelStateError);
  });

  it('refuses more neighbours than rows', () => {
    const state = states['k-nearest-neighbors'];
    expect(() => loadModel({ ...state, meta: { ...state.meta, nNeighbors: 61 } })).toThrow('nNeighbors');
  });

  it.each([
    ['"splitColumn":0', '"splitColumn":9'],
    ['"splitColumn":0', '"splitColumn":0.5'],
    ['"splitValue":', '"splitValue":"x","was":'],
    ['"left":', '"lost":'],
    ['"distribution":[[', '"distribution":[['.concat('0,0,')],
    ['"distribution":[[', '"distribution":[[-1,'],
    ['"root":', '"rot":'],
    ['"indexes":[[', '"indexes":[[7,'],
  ])('refuses a tree of ml-random-forest with %s changed to %s', (from, to) => {
    const state = states['ml-random-forest'];
    const text = JSON.stringify(state.meta);
    expect(text).toContain(from);
    expect(() => loadModel({ ...state, meta: JSON.parse(text.replaceAll(from, to)) })).toThrow(
      ModelStateError,
    );
  });

  it('refuses a tree of ml-random-forest that is nested without end', () => {
    const state = states['ml-random-forest'];
    const root: Record<string, unknown> = { splitColumn: 0, splitValue: 1, right: { distribution: [[1]] } };
    root.left = root;
    const tree = { baseModel: { indexes: [[0]], estimators: [{ root }] } };
    expect(() => loadModel({ ...state, meta: { columns: 3, trees: [tree] } })).toThrow(ModelStateError);
  });

  it('refuses other learners and other things', () => {
    const other = { learner: 'toString', meta: {}, arrays: {} } as unknown as ModelState;
    expect(() => loadModel(other)).toThrow('there is no learner "toString"');
    expect(() => loadModel({ learner: 'random-forest' } as unknown as ModelState)).toThrow(ModelStateError);
  });
});

describe('createLearner', () => {
  it('lists the learners there are', () => {
    const name = 'svm' as unknown as LearnerName;
    const wanted = `there is no learner "svm"; there are ${learnerNames.join(', ')}`;
    expect(() => createLearner(name)).toThrow(new RangeError(wanted));
  });
});
