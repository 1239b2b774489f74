import { Matrix } from './matrix.js';
import { columnMedians, occlude } from './occlusion.js';

const perRow =
  (output: (row: Float64Array) => number) =>
  (x: Matrix): Float64Array =>
    Float64Array.from({ length: x.rows }, (_, i) => output(x.row(i)));

describe('occlude', () => {
  it('gives a sum its terms and the reference its base', () => {
    const sum = perRow(([a, b, c]) => 2 * a + b - c);
    const { base, values } = occlude(Float64Array.of(3, 1, 5), Float64Array.of(1, 1, 1), sum);
    expect([...values]).toEqual([4, 0, -4]);
    expect(base).toBe(2);
  });

  it('adds up to the output where columns interact, the base taking what they do together', () => {
    const product = perRow(([a, b]) => a * b);
    const { base, values } = occlude(Float64Array.of(3, 5), Float64Array.of(1, 2), product);
    expect([...values]).toEqual([10, 9]);
    expect(base).toBe(-4);
  });

  it('asks for the row and one variant for each column that differs', () => {
    let rows = 0;
    const count = (x: Matrix): Float64Array => {
      rows = x.rows;
      return new Float64Array(x.rows);
    };
    occlude(Float64Array.of(1, 2, 3), Float64Array.of(1, 0, 3), count);
    expect(rows).toBe(2);
  });
});

describe('columnMedians', () => {
  it('takes the middle, or the mean of the two middle ones, of the values that are there', () => {
    const x = Matrix.fromRows([[5, 1], [1, 4], [NaN, 2], [2, 9]]); // prettier-ignore
    expect([...columnMedians(x)]).toEqual([2, 3]);
  });
});
