import { cellWeights, type Level } from './cell-weights.js';

const rounded = (weights: Float64Array): number[] => [...weights].map((weight) => Number(weight.toFixed(6)));

describe('cellWeights', () => {
  it('gives a large group the weight of the root of its size', () => {
    const weights = cellWeights(new Int32Array(5), Int32Array.of(7, 7, 7, 7, 8));
    expect(rounded(weights)).toEqual([0.833333, 0.833333, 0.833333, 0.833333, 1.666667]);
  });

  it('counts a group once with an exponent of 1 and by its rows with 0', () => {
    const groups = Int32Array.of(1, 1, 1, 2);
    expect(rounded(cellWeights(new Int32Array(4), groups, { exponent: 1 }))).toEqual([
      0.666667, 0.666667, 0.666667, 2,
    ]);
    expect(rounded(cellWeights(new Int32Array(4), groups, { exponent: 0 }))).toEqual([1, 1, 1, 1]);
  });

  it('weighs cells equally however many rows they have, and adds up to the rows', () => {
    const cells = Int32Array.of(0, 1, 1, 1);
    expect(rounded(cellWeights(cells, Int32Array.of(0, 1, 2, 3)))).toEqual([2, 0.666667, 0.666667, 0.666667]);
  });

  it('weighs cells by their shares, those without rows falling to the others', () => {
    const shares = [1, 5, 3];
    const levelsOf = (cell: number): Level[] => [{ part: cell, share: shares[cell] }];
    const weights = cellWeights(Int32Array.of(0, 2, 2), Int32Array.of(0, 1, 2), { levelsOf });
    expect(rounded(weights)).toEqual([0.75, 1.125, 1.125]);
  });

  it('shares out what a part has among the cells within it, by their size where asked for', () => {
    // Cells 0 and 1 are of the first part, 2 alone of the second.
    const levelsOf = (cell: number, size: number): Level[] => [
      { part: cell < 2 ? 0 : 1, share: cell < 2 ? 3 : 1 },
      { part: cell, share: Math.sqrt(size) },
    ];
    const cells = Int32Array.of(0, 1, 1, 1, 1, 2);
    const weights = cellWeights(cells, Int32Array.of(0, 1, 2, 3, 4, 5), { levelsOf });
    expect(rounded(weights)).toEqual([1.5, 0.75, 0.75, 0.75, 0.75, 1.5]);
  });

  it('tells a group of one cell from the same group in another', () => {
    const weights = cellWeights(Int32Array.of(0, 0, 0, 1), Int32Array.of(5, 5, 6, 5));
    expect(rounded(weights)).toEqual([0.585786, 0.585786, 0.828427, 2]);
  });

  it('refuses what it cannot weigh', () => {
    expect(() => cellWeights(new Int32Array(2), new Int32Array(3))).toThrow('2 cells for 3 groups');
    const levelsOf = (cell: number): Level[] => [{ part: cell, share: 1 - cell }];
    expect(() => cellWeights(Int32Array.of(0, 1), new Int32Array(2), { levelsOf })).toThrow(
      new RangeError('weights: cell 1 has the share 0'),
    );
  });
});
