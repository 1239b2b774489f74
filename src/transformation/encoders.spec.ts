import { Matrix } from '../ml/matrix.js';
import type { FeatureSpec } from '../detector/feature-specs.js';
import { createEncoder } from './encoders.js';

const features: FeatureSpec[] = [
  { name: 'SSLfinal_State', type: 'integer', values: [-1, 0, 1] },
  { name: 'duration', type: 'number' },
  { name: 'protocol', type: 'category', values: ['tcp', 'udp'] },
];
const x = Matrix.fromRows([
  [-1, 0.5, 1],
  [1, NaN, 0],
  [NaN, 3, NaN],
  [7, 4, 2],
]);

describe('the one-hot encoder', () => {
  const encoder = createEncoder('one-hot', features);

  it('names its columns and says which feature each comes from', () => {
    expect(encoder.columns).toEqual([
      { name: 'SSLfinal_State=-1', source: 0 },
      { name: 'SSLfinal_State=0', source: 0 },
      { name: 'SSLfinal_State=1', source: 0 },
      { name: 'duration', source: 1 },
      { name: 'protocol=tcp', source: 2 },
      { name: 'protocol=udp', source: 2 },
    ]);
  });

  it('gives a column to each listed value, zeros to missing and unlisted ones, and passes numbers through', () => {
    const encoded = encoder.encode(x);
    expect(Array.from({ length: 4 }, (_, i) => Array.from(encoded.row(i)))).toEqual([
      [1, 0, 0, 0.5, 0, 1],
      [0, 0, 1, NaN, 1, 0],
      [0, 0, 0, 3, 0, 0],
      [0, 0, 0, 4, 0, 0],
    ]);
  });
});

describe('the native encoder', () => {
  it('keeps the values and says which columns hold codes without an order; the others know none', () => {
    const encoder = createEncoder('native', features);
    expect(encoder.columns).toEqual(createEncoder('ordinal', features).columns);
    expect(encoder.encode(x).data).toEqual(x.data);
    expect(encoder.categorical).toEqual([2]);
    for (const name of ['ordinal', 'one-hot'] as const)
      expect(createEncoder(name, features).categorical).toEqual([]);
  });
});

describe('the ordinal encoder', () => {
  it('keeps the values, one column a feature', () => {
    const encoder = createEncoder('ordinal', features);
    expect(encoder.columns.map(({ name }) => name)).toEqual(['SSLfinal_State', 'duration', 'protocol']);
    expect(encoder.columns.map(({ source }) => source)).toEqual([0, 1, 2]);
    expect(encoder.encode(x).data).toEqual(x.data);
  });
});

it('refuses a category without values', () => {
  expect(() => createEncoder('one-hot', [{ name: 'service', type: 'category' }])).toThrow(RangeError);
  expect(() => createEncoder('ordinal', [{ name: 'service', type: 'category', values: [] }])).toThrow(
    RangeError,
  );
});
