import { binColumns } from '../bins.js';
import { Matrix } from '../matrix.js';
import { addCode, setWords } from './category-set.js';
import { type Cut, partitionRows } from './partition.js';

const values = Float64Array.of(2, NaN, 0, 1, 2, NaN, 1);
const bins = binColumns(new Matrix(7, 1, values), Int32Array.from(values.keys()), 255, [0]);

function parts(cut: Omit<Cut, 'column'>): { left: number[]; right: number[] } {
  const order = Int32Array.from(values.keys());
  const spare = new Int32Array(7);
  const moved = partitionRows(bins, { column: 0, ...cut }, order, 0, 7, 0, spare, 0);
  return { left: [...order.subarray(0, moved)], right: [...spare.subarray(0, 7 - moved)] };
}

describe('partitionRows', () => {
  it('keeps both sides in their order', () => {
    expect(parts({ code: 1, missingLeft: false })).toEqual({ left: [2, 3, 6], right: [0, 1, 4, 5] });
    expect(parts({ code: 0, missingLeft: true })).toEqual({ left: [1, 2, 5], right: [0, 3, 4, 6] });
  });

  it('sends the bins of a set left, and missing values where it is reported, whatever the set says of them', () => {
    const set = new Uint32Array(setWords);
    addCode(set, 0);
    addCode(set, 2);
    const without = { left: [0, 2, 4], right: [1, 3, 5, 6] };
    const with255 = { left: [0, 1, 2, 4, 5], right: [3, 6] };
    expect(parts({ code: 0, set, missingLeft: false })).toEqual(without);
    expect(parts({ code: 0, set, missingLeft: true })).toEqual(with255);
    addCode(set, 255);
    expect(parts({ code: 0, set, missingLeft: false })).toEqual(without);
    expect(parts({ code: 0, set, missingLeft: true })).toEqual(with255);
  });
});
