import { binColumns } from '../bins.js';
import { Matrix } from '../matrix.js';
import { Random } from '../random.js';
import { type Bundles, bundleColumns, laneOf } from './bundles.js';
import { WordHistogramBuilder } from './histogram.js';

const bundle = (x: Matrix): Bundles =>
  bundleColumns(
    binColumns(
      x,
      Int32Array.from({ length: x.rows }, (_, row) => row),
      255,
    ),
  );

/** The code of a feature in a row, by way of the row's tuple. */
function codeAt(bundles: Bundles, feature: number, row: number): number {
  const { bundle, codes } = bundles.features[feature];
  const { base, stride, shift } = laneOf(bundles, bundle);
  return codes[(bundles.words[base + stride * row] >>> shift) & 255];
}

function mixed(rows: number, columns: number): Matrix {
  const random = new Random(3);
  const most = Array.from({ length: columns }, (_, j) => [2, 3, 400, 2, 5, 90][j % 6]);
  const value = (bound: number): number => (random.float() < 0.1 ? NaN : random.below(bound));
  return Matrix.fromRows(Array.from({ length: rows }, () => most.map(value)));
}

describe('bundleColumns', () => {
  it('puts one-hot columns, of which a row has one, into one bundle', () => {
    const rows = Array.from({ length: 4096 }, (_, i) =>
      Array.from({ length: 12 }, (_, j) => Number(i % 12 === j)),
    );
    const bundles = bundle(Matrix.fromRows(rows));
    expect([...bundles.starts]).toEqual([0, 12]);
    expect(bundles.features.map(({ unusual }) => unusual.length)).toEqual(new Array(12).fill(1));
  });

  it('leaves columns out that have one code', () => {
    const { features } = bundle(Matrix.fromRows([[1, 5, NaN], [1, 6, NaN], [1, 6, NaN]])); // prettier-ignore
    expect(features.map(({ column }) => column)).toEqual([1]);
  });

  it.each([1, 4, 5, 9, 23])('keeps every code of %i columns, missing ones behind the values', (columns) => {
    const x = mixed(3000, columns);
    const bins = binColumns(x, Int32Array.from({ length: 3000 }, (_, row) => row), 255); // prettier-ignore
    const bundles = bundleColumns(bins);
    expect(bundles.features).toHaveLength(columns);
    expect(bundles.starts.length - 1).toBeLessThanOrEqual(columns);
    for (let row = 0; row < 3000; row += 7) {
      bundles.features.forEach(({ column, values }, feature) => {
        const code = bins.codes[column * 3000 + row];
        expect(codeAt(bundles, feature, row)).toBe(code === 255 ? values : code);
      });
    }
  });
});

describe('WordHistogramBuilder', () => {
  it.each([3, 7, 14, 40])('adds the rows of a node up by code, with %i columns', (columns) => {
    const x = mixed(2000, columns);
    const bundles = bundle(x);
    const builder = new WordHistogramBuilder(bundles);
    const out = new Float64Array(builder.length).fill(99);
    const packed = Float64Array.from({ length: 2000 }, (_, row) => row * 2 ** 26 + 1);
    const order = Int32Array.from({ length: 2000 }, (_, i) => (i * 7) % 2000);
    expect(builder.build(order, 100, 700, packed, out)).toBe(
      order.subarray(100, 700).reduce((sum, row) => sum + packed[row], 0),
    );
    bundles.features.forEach(({ bundle, codes }, feature) => {
      const wanted = new Float64Array(256);
      const found = new Float64Array(256);
      for (const row of order.subarray(100, 700)) wanted[codeAt(bundles, feature, row)] += packed[row];
      codes.forEach((code, tuple) => (found[code] += out[bundles.starts[bundle] + tuple]));
      expect(found).toEqual(wanted);
    });
  });
});
