import { binColumns } from '../bins.js';
import { Matrix } from '../matrix.js';
import { mergeRows, type PlacedRows, placeWeights } from './merge-rows.js';

/** Rows of the data stand in their own places, the first `benignRows` of them benign. */
function placed(rows: number[][], benignRows: number): PlacedRows {
  const natural = Int32Array.from(rows.keys());
  return { bins: binColumns(Matrix.fromRows(rows), natural, 255), places: natural, benignRows };
}

describe('mergeRows', () => {
  it('lets equal rows of a class stand as one, missing values included, and not those of the other class', () => {
    const rows = [[1, 5], [NaN, 5], [1, 5], [NaN, 5], [1, 5], [1, 6], [1, 5]]; // prettier-ignore
    const { bins, places, benignRows } = mergeRows(placed(rows, 4));
    expect([...places]).toEqual([0, 1, 0, 1, 2, 3, 2]);
    expect(benignRows).toBe(2);
    expect(bins.rows).toBe(4);
    expect([...bins.codes]).toEqual([0, 255, 0, 0, 0, 0, 0, 1]);
    const weights = new Float64Array(4);
    placeWeights(places, Float64Array.of(1, 2, 4, 8, 16, 32, 64), weights);
    expect([...weights]).toEqual([5, 10, 80, 32]);
  });

  it('leaves rows that hardly repeat as they are', () => {
    const rows = placed([[1], [2], [3], [4], [5], [5], [6]], 3);
    expect(mergeRows(rows)).toBe(rows);
  });

  it('tells thousands of rows apart', () => {
    const rows = Array.from({ length: 8000 }, (_, i) => [i % 50, (i * 7) % 40, i % 3]);
    const distinct = new Set(rows.map(String)).size;
    expect(mergeRows(placed(rows, 8000)).bins.rows).toBe(distinct);
  });
});
