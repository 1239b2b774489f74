import { binColumns, type Bins } from '../bins.js';
import { Matrix } from '../matrix.js';
import { Random } from '../random.js';
import { bundleColumns } from './bundles.js';
import { laneAt, lanesOf, packLanes } from './lanes.js';

const bin = (x: Matrix): Bins => {
  const order = Int32Array.from({ length: x.rows }, (_, row) => row);
  return binColumns(x, order, 255);
};

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
    const bundles = bundleColumns(bin(Matrix.fromRows(rows)));
    expect([...bundles.starts]).toEqual([0, 12]);
    expect(bundles.features.map(({ unusual }) => unusual.length)).toEqual(new Array(12).fill(1));
  });

  it('leaves columns out that have one code', () => {
    const x = Matrix.fromRows([[1, 5, NaN], [1, 6, NaN], [1, 6, NaN]]); // prettier-ignore
    expect(bundleColumns(bin(x)).features.map(({ column }) => column)).toEqual([1]);
  });

  it.each([1, 4, 5, 9, 23])('keeps every code of %i columns, missing ones behind the values', (columns) => {
    const bins = bin(mixed(3000, columns));
    const { features, tuples } = bundleColumns(bins);
    expect(features).toHaveLength(columns);
    expect(tuples.length).toBeLessThanOrEqual(columns);
    for (const { column, values, codes, bundle } of features) {
      const wanted = bins.codes.slice(column * 3000, (column + 1) * 3000);
      expect(tuples[bundle].map((tuple) => codes[tuple])).toEqual(
        Uint8Array.from(wanted, (code) => (code === 255 ? values : code)),
      );
    }
  });
});

describe('packLanes', () => {
  it.each([1, 4, 7, 12, 19])('keeps the tuples of %i bundles four to a lane', (bundles) => {
    const random = new Random(bundles);
    const rows = 50;
    const tuples = Array.from({ length: bundles }, () => new Uint8Array(rows).map(() => random.below(256)));
    const lanes = lanesOf(bundles);
    const out = new Uint8Array(4 * lanes * rows);
    packLanes(tuples, rows, out);
    tuples.forEach((column, bundle) => {
      const { base, shift } = laneAt(bundle >> 2, lanes, rows);
      const found = column.map((_, row) => out[base + (bundle & 3) + (row << shift)]);
      expect(found).toEqual(column);
    });
  });
});
