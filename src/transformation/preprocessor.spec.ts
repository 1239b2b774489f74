import fc from 'fast-check';
import type { FeatureSpec } from '../detector/feature-specs.js';
import { ModelStateError } from '../ml/learner.js';
import { Matrix } from '../ml/matrix.js';
import { type EncoderName, encoderNames } from './encoders.js';
import { type ImputerName, imputerNames } from './imputers.js';
import { fitPreprocessor, loadPreprocessor } from './preprocessor.js';

const features: FeatureSpec[] = [
  { name: 'having_At_Symbol', type: 'integer', values: [-1, 1] },
  { name: 'duration', type: 'number' },
  { name: 'protocol', type: 'category', values: ['tcp', 'udp', 'icmp'] },
];
const cell = {
  flag: fc.constantFrom(-1, 1, NaN),
  duration: fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constant(NaN)),
  protocol: fc.constantFrom(0, 1, 2, NaN),
};
const tables = fc
  .array(fc.tuple(cell.flag, cell.duration, cell.protocol), { minLength: 8, maxLength: 40 })
  .map((rows) => Matrix.fromRows(rows));
const kinds = imputerNames.flatMap((imputer) => encoderNames.map((encoder) => [imputer, encoder] as const));

describe.each(kinds)('a preprocessor of %s and %s', (imputer: ImputerName, encoder: EncoderName) => {
  const options = { imputer, encoder, seed: 7 };

  it('does the same after a round trip through JSON, bit for bit', () => {
    fc.assert(
      fc.property(tables, (x) => {
        const fitted = fitPreprocessor(features, x, options);
        const loaded = loadPreprocessor(JSON.parse(JSON.stringify(fitted.toState())));
        expect(loaded.columns).toEqual(fitted.columns);
        expect(loaded.transform(x).data).toEqual(fitted.transform(x).data);
      }),
      { numRuns: 30 },
    );
  });

  it('learns from the training rows alone, whatever the others are', () => {
    const train = [0, 2, 3, 5, 7];
    fc.assert(
      fc.property(tables, fc.double({ noNaN: true }), (x, noise) => {
        const changed = new Matrix(x.rows, x.columns, x.data.slice());
        for (let i = 0; i < x.rows; i++) if (!train.includes(i)) changed.setRow(i, [noise, noise, noise]);
        const fitted = fitPreprocessor(features, x.take(train), options);
        const state = JSON.stringify(fitted.toState());
        expect(JSON.stringify(fitPreprocessor(features, changed.take(train), options).toState())).toBe(state);
        fitted.transform(changed);
        expect(JSON.stringify(fitted.toState())).toBe(state);
      }),
      { numRuns: 30 },
    );
  });

  it('gives its columns, without gaps unless the learner takes them', () => {
    fc.assert(
      fc.property(tables, (x) => {
        const fitted = fitPreprocessor(features, x, options);
        const out = fitted.transform(x);
        expect([out.rows, out.columns]).toEqual([x.rows, fitted.columns.length]);
        if (imputer !== 'none') expect(out.data.some(Number.isNaN)).toBe(false);
      }),
      { numRuns: 30 },
    );
  });
});

describe('a preprocessor', () => {
  const x = Matrix.fromRows([
    [1, 0.5, 0],
    [-1, 2, 1],
    [1, 4, NaN],
  ]);

  it('imputes, then encodes', () => {
    const fitted = fitPreprocessor(features, x, { imputer: 'median', encoder: 'one-hot', seed: 1 });
    expect(fitted.columns.map(({ name }) => name)).toEqual([
      'having_At_Symbol=-1',
      'having_At_Symbol=1',
      'duration',
      'protocol=tcp',
      'protocol=udp',
      'protocol=icmp',
    ]);
    expect(Array.from(fitted.transform(Matrix.fromRows([[NaN, NaN, 2]])).row(0))).toEqual([0, 1, 2, 0, 0, 1]);
    expect(Array.from(fitted.transform(Matrix.fromRows([[-1, 9, NaN]])).row(0))).toEqual([1, 0, 9, 1, 0, 0]);
  });

  it('takes a table without rows to transform, but not to fit', () => {
    const fitted = fitPreprocessor(features, x, { imputer: 'knn', encoder: 'one-hot', seed: 1 });
    expect(fitted.transform(new Matrix(0, 3))).toMatchObject({ rows: 0, columns: 6 });
    expect(() =>
      fitPreprocessor(features, new Matrix(0, 3), { imputer: 'median', encoder: 'ordinal', seed: 1 }),
    ).toThrow(RangeError);
  });

  it('refuses another number of columns', () => {
    const fitted = fitPreprocessor(features, x, { imputer: 'median', encoder: 'ordinal', seed: 1 });
    expect(() => fitted.transform(new Matrix(1, 4))).toThrow('3 features, 4 columns');
    expect(() =>
      fitPreprocessor(features, new Matrix(1, 2), { imputer: 'none', encoder: 'ordinal', seed: 1 }),
    ).toThrow(RangeError);
  });

  const state = fitPreprocessor(features, x, { imputer: 'knn', encoder: 'ordinal', seed: 1 }).toState();
  it.each([
    ['nothing', null],
    ['no features', { ...state, features: [] }],
    ['an unknown imputer', { ...state, imputer: { name: 'mean', fill: [1, 2, 3] } }],
    ['an unknown encoder', { ...state, encoder: 'hash' }],
    ['too few fill values', { ...state, imputer: { name: 'median', fill: [1, 2] } }],
    ['a fill that is no number', { ...state, imputer: { name: 'median', fill: [1, 2, null] } }],
    ['no reference rows', { ...state, imputer: { ...state.imputer, rows: [] } }],
    ['a short reference row', { ...state, imputer: { ...state.imputer, rows: [[1, 2]] } }],
    [
      'a category without values',
      { ...state, features: [{ name: 'a', type: 'category' }], imputer: { name: 'none' } },
    ],
    ['something more', { ...state, extra: 1 }],
  ])('refuses a state with %s', (_, json) => {
    expect(() => loadPreprocessor(json)).toThrow(ModelStateError);
  });
});
