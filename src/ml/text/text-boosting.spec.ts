import { decodeModelState, encodeModelState } from '../codec/model-codec.js';
import { CsrMatrix } from '../csr-matrix.js';
import { ModelStateError } from '../learner.js';
import { Matrix } from '../matrix.js';
import { Random } from '../random.js';
import { TextBoosting, TextBoostingModel } from './text-boosting.js';

const buckets = 300;

interface Texts {
  readonly x: Matrix;
  readonly y: Uint8Array;
  readonly groups: Int32Array;
}

/**
 * Texts of 20 n-grams and 2 features, 5 a group. Of a threat more n-grams come from the first 20 buckets, and its
 * first feature is larger; either alone is a weak sign. The texts of a group share an n-gram.
 */
function texts(rows: number, seed: number): Texts {
  const random = new Random(seed);
  const y = Uint8Array.from({ length: rows }, () => random.below(2));
  const x = new Matrix(rows, 2);
  const dense = new Matrix(rows, buckets);
  const groups = Int32Array.from({ length: rows }, (_, row) => Math.floor(row / 5));
  for (let row = 0; row < rows; row++) {
    x.setRow(row, [random.float() + 0.35 * y[row], random.float()]);
    const values = new Float64Array(buckets);
    values[100 + (groups[row] % 200)] = 0.25;
    for (let i = 0; i < 20; i++) values[random.below(random.float() < 0.25 + 0.2 * y[row] ? 20 : 100)] = 0.25;
    dense.setRow(row, values);
  }
  return { x: new Matrix(rows, 2, x.data, CsrMatrix.fromDense(dense)), y, groups };
}

function accuracy(y: Uint8Array, p: Float64Array): number {
  return y.filter((label, row) => p[row] > 0.5 === (label === 1)).length / y.length;
}

const train = texts(1500, 1);
const other = texts(1000, 2);
const learner = new TextBoosting({ C: 1, maxIter: 60 });
const model = learner.fit(train.x, train.y, { seed: 3, groups: train.groups });

describe('TextBoosting', () => {
  it('learns from n-grams and features more than from either', () => {
    const blank = CsrMatrix.fromDense(new Matrix(1500, buckets));
    const featuresOnly = learner
      .fit(new Matrix(1500, 2, train.x.data, blank), train.y, { seed: 3, groups: train.groups })
      .predict(new Matrix(1000, 2, other.x.data, CsrMatrix.fromDense(new Matrix(1000, buckets))));
    const ngramsOnly = learner
      .fit(new Matrix(1500, 2, undefined, train.x.sparse), train.y, { seed: 3, groups: train.groups })
      .predict(new Matrix(1000, 2, undefined, other.x.sparse));
    const both = accuracy(other.y, model.predict(other.x));
    expect(accuracy(other.y, featuresOnly)).toBeLessThan(0.7);
    expect(accuracy(other.y, ngramsOnly)).toBeLessThan(0.77);
    expect(both).toBeGreaterThan(0.8);
  });

  it('hears each range of n-grams by itself where they are parts', () => {
    // The signs are in the first half; the second is so long that it drowns them in one regression for all.
    const drowned = ({ rows: count, indptr, indices }: CsrMatrix): CsrMatrix =>
      CsrMatrix.ofUnitRows(
        2 * buckets,
        Array.from({ length: count }, (_, i) => [
          ...indices.subarray(indptr[i], indptr[i + 1]),
          ...Array.from({ length: 250 }, (_, k) => buckets + ((7 * i + k) % buckets)),
        ]),
      );
    const [fitted, measured] = [train, other].map(
      ({ x }) => new Matrix(x.rows, 2, undefined, drowned(x.sparse!)),
    );
    const score = (parts: number): number => {
      const options = { C: 1, maxIter: 60, parts };
      const model = new TextBoosting(options).fit(fitted, train.y, { seed: 3, groups: train.groups });
      const loaded = TextBoostingModel.fromState(decodeModelState(encodeModelState(model.toState())));
      const { ngrams, ngramValues } = loaded.explain(measured.row(4), measured.sparse!.row(4));
      expect([Number.isFinite(ngrams), ngramValues!.length]).toEqual([
        true,
        measured.sparse!.row(4).columns.length,
      ]);
      expect(loaded.predict(measured)).toEqual(model.predict(measured));
      return accuracy(other.y, model.predict(measured));
    };
    expect(score(2)).toBeGreaterThan(score(1) + 0.02);
  });

  it('gives the same model to the bit for the same seed', () => {
    const again = learner.fit(train.x, train.y, { seed: 3, groups: train.groups });
    expect(again.toState()).toEqual(model.toState());
    const otherwise = learner.fit(train.x, train.y, { seed: 4, groups: train.groups });
    expect(otherwise.predict(other.x)).not.toEqual(model.predict(other.x));
  });

  it('goes by the weights of the rows', () => {
    const sampleWeight = Float64Array.from(train.y, (label) => (label === 1 ? 5 : 1));
    const heavy = learner.fit(train.x, train.y, { seed: 3, groups: train.groups, sampleWeight });
    const mean = (p: Float64Array): number => p.reduce((sum, value) => sum + value / p.length, 0);
    expect(mean(heavy.predict(other.x))).toBeGreaterThan(mean(model.predict(other.x)) + 0.15);
  });

  it('takes the options of its parts and shows them all', () => {
    expect(learner.options).toMatchObject({ C: 1, folds: 3, maxIter: 60, maxLeafNodes: 15, subsample: 0.7 });
    expect(() => new TextBoosting({ folds: 1 })).toThrow(
      'text-boosting: folds must be a whole number, 2 to 20',
    );
    expect(() => new TextBoosting({ depth: 3 })).toThrow('there is no option "depth"');
  });

  it('refuses a matrix without n-grams and groups that cannot be parted', () => {
    expect(() => learner.fit(new Matrix(1500, 2, train.x.data), train.y, { seed: 0 })).toThrow(
      'the matrix has no n-grams beside it',
    );
    const groups = train.groups.map((group) => group % 2);
    expect(() => learner.fit(train.x, train.y, { seed: 0, groups })).toThrow('2 groups cannot fill 3 folds');
  });

  it('tells how far it is, to the end', () => {
    const shares: number[] = [];
    new TextBoosting({ maxIter: 4 }).fit(train.x, train.y, {
      seed: 0,
      groups: train.groups,
      onProgress: (done, total) => shares.push(done / total),
    });
    expect(shares).toEqual([0.2, 0.4, 0.6, 0.8, 0.85, 0.9, 0.95, 1]);
  });
});

describe('TextBoostingModel', () => {
  it('explains a score by features, n-grams together and each n-gram', () => {
    const sparse = other.x.sparse!.row(4);
    const { base, values, ngrams, ngramValues } = model.explain(other.x.row(4), sparse);
    const logOdds = values.reduce((sum, value) => sum + value, base + ngrams!);
    expect(1 / (1 + Math.exp(-logOdds))).toBeCloseTo(model.predict(other.x.take([4]))[0], 10);
    expect(values).toHaveLength(2);
    expect(ngramValues).toHaveLength(sparse.columns.length);
    expect(
      Math.sign(ngramValues![sparse.columns.indexOf(sparse.columns.find((column) => column < 20)!)]),
    ).toBe(1);
  });

  it('comes back from its bytes the same to the bit', () => {
    const bytes = encodeModelState(model.toState());
    const loaded = TextBoostingModel.fromState(decodeModelState(bytes));
    expect(loaded.predict(other.x)).toEqual(model.predict(other.x));
    expect(loaded.toState()).toEqual(model.toState());
    expect(bytes.length).toBeLessThan(60_000);
  });

  it('refuses other columns', () => {
    expect(() => model.predict(new Matrix(1, 3))).toThrow('3 columns, fitted on 2');
    expect(() => model.predict(new Matrix(1, 2))).toThrow('no n-grams beside it');
    expect(() => model.explain(new Float64Array(2))).toThrow('no n-grams beside it');
    const narrow = CsrMatrix.fromDense(new Matrix(1, 10));
    expect(() => model.predict(new Matrix(1, 2, undefined, narrow))).toThrow('10 columns, fitted on 300');
  });

  it.each<[string, object]>([
    ['no trees', { meta: { ...model.toState().meta, trees: undefined } }],
    ['no n-grams', { meta: { ...model.toState().meta, ngrams: undefined } }],
    ['n-grams that are a number', { meta: { ...model.toState().meta, ngrams: 7 } }],
    ['no intercepts', { meta: { ...model.toState().meta, intercepts: [] } }],
    ['an intercept that is text', { meta: { ...model.toState().meta, intercepts: ['0'] } }],
    ['as many parts as trees have columns', { meta: { ...model.toState().meta, intercepts: [0, 0, 0] } }],
    ['trees of no column', { meta: { ...model.toState().meta, trees: { columns: 1, intercept: 0 } } }],
    ['fewer buckets', { meta: { ...model.toState().meta, ngrams: { columns: 9, intercept: 0 } } }],
    ['no arrays', { arrays: {} }],
    ['dense coefficients', { arrays: { ...model.toState().arrays, indices: new Float64Array(3) } }],
  ])('refuses a state with %s', (_, change) => {
    expect(() => TextBoostingModel.fromState({ ...model.toState(), ...change })).toThrow(ModelStateError);
  });
});
