import { binColumns } from './bins.js';
import { Matrix } from './matrix.js';

const natural = (rows: number): Int32Array => Int32Array.from({ length: rows }, (_, row) => row);
const column = (...values: number[]): Matrix => new Matrix(values.length, 1, Float64Array.from(values));

describe('binColumns', () => {
  it('keeps few distinct values exactly and gives missing values the last code', () => {
    const bins = binColumns(column(3, -1, NaN, 3, 0.5), natural(5), 255);
    expect([...bins.codes]).toEqual([2, 0, 255, 2, 1]);
    expect(bins.counts[0]).toBe(3);
    expect([...bins.smallest[0]]).toEqual([-1, 0.5, 3]);
    expect([...bins.largest[0]]).toEqual([-1, 0.5, 3]);
  });

  it('cuts many values into runs of equal numbers of distinct values, whatever their frequency', () => {
    const bins = binColumns(column(1, 1, 1, 1, 1, 2, 3, 40, 50, 60), natural(10), 3);
    expect([...bins.codes]).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 2, 2]);
    expect([...bins.smallest[0]]).toEqual([1, 3, 50]);
    expect([...bins.largest[0]]).toEqual([2, 40, 60]);
  });

  it('fills all 255 bins of a column with more values, in order', () => {
    const values = Array.from({ length: 1000 }, (_, i) => 999 - i);
    const { codes, counts } = binColumns(column(...values), natural(1000), 255);
    expect(counts[0]).toBe(255);
    expect(codes[0]).toBe(254);
    expect(codes[999]).toBe(0);
    expect(codes.every((code, i) => i === 0 || code <= codes[i - 1])).toBe(true);
  });

  it('writes the rows in the order asked for, column after column', () => {
    const x = Matrix.fromRows([
      [1, 8],
      [2, 7],
      [3, 6],
    ]);
    expect([...binColumns(x, Int32Array.of(2, 0, 1), 255).codes]).toEqual([2, 0, 1, 0, 2, 1]);
  });

  it('has no bins where every value is missing, and takes both zeros for one', () => {
    expect(binColumns(column(NaN, NaN), natural(2), 255).counts[0]).toBe(0);
    expect(binColumns(column(0, -0, 1), natural(3), 255).counts[0]).toBe(2);
  });
});
