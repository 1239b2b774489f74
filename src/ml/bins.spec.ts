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

describe('binColumns of categories', () => {
  it('has a bin a category, whatever maxBins is, and says which', () => {
    const x = Matrix.fromRows([[200, 1.5], [3, 2.5], [NaN, 3.5], [40, 4.5], [3, 5.5]]); // prettier-ignore
    const { codes, counts, categories } = binColumns(x, natural(5), 2, [0]);
    expect([...codes]).toEqual([2, 0, 255, 1, 0, 0, 0, 0, 1, 1]);
    expect([...counts]).toEqual([3, 2]);
    expect(categories).toEqual([Uint8Array.of(3, 40, 200), undefined]);
  });

  it('has room for all 255 categories', () => {
    const bins = binColumns(
      column(...Array.from({ length: 255 }, (_, i) => 254 - i)),
      natural(255),
      255,
      [0],
    );
    expect(bins.counts[0]).toBe(255);
    expect([bins.codes[0], bins.codes[254]]).toEqual([254, 0]);
  });

  it.each([255, -1, 0.5, Infinity])('refuses the value %d, naming its column and row', (value) => {
    const x = Matrix.fromRows([[1, 0], [1, NaN], [1, value]]); // prettier-ignore
    const wanted = `column 1 has the value ${value} in row 2, no category code from 0 to 254`;
    expect(() => binColumns(x, natural(3), 255, [1])).toThrow(new RangeError(wanted));
  });

  it.each([2, -1, 0.5])('refuses the categorical column %d of two', (stray) => {
    expect(() => binColumns(new Matrix(1, 2), natural(1), 255, [stray])).toThrow(RangeError);
  });

  it('puts codes where threads share them', () => {
    expect(binColumns(column(1, 2), natural(2), 255).codes.buffer).toBeInstanceOf(SharedArrayBuffer);
  });
});
