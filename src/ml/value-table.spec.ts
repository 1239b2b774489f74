import { Random } from './random.js';
import { mostTableValues, ValueTable } from './value-table.js';

describe('ValueTable', () => {
  it('finds the distinct values in order, both zeros being one, and writes codes for the rows asked for', () => {
    const table = new ValueTable(6);
    const values = Float64Array.of(3, -0, NaN, 0, -1, 3);
    expect(Array.from(table.read(values)!, (value) => value + 0)).toEqual([-1, 0, 3]);
    const codes = new Uint8Array(6);
    table.encode(Int32Array.of(5, 4, 3, 2, 1, 0), (value) => value + 10, 255, codes);
    expect([...codes]).toEqual([13, 9, 10, 255, 10, 13]);
  });

  it('gives up at too many values, and is as new for the next column', () => {
    const random = new Random(1);
    const many = Float64Array.from({ length: mostTableValues + 1 }, (_, i) => i + random.float() / 2);
    const table = new ValueTable(many.length);
    expect(table.read(many)).toBeNull();
    const most = many.slice();
    most[0] = most[1];
    expect(table.read(most)).toEqual(most.slice(1));
    expect(table.read(new Float64Array(many.length).fill(7))).toEqual(Float64Array.of(7));
  });
});
