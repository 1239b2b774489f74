import type { ParsedRow } from '../detector/tabular/tabular-parser.js';
import { tinyContract, tinySource } from '../detector/fixtures/tiny-contract.js';
import { RecordIds } from './record-id.js';

const rows: ParsedRow[] = [
  { item: { values: [1, 2.5, 'udp'] }, label: 1 },
  { item: { values: [1, 2.5, 'udp'] }, label: 0 },
  { item: { values: [-1, null, 'tcp'] }, label: 0 },
  { item: { values: [1, 2.5, 'udp'] }, label: 1 },
];

function idsOf(contract = tinyContract(), file: readonly ParsedRow[] = rows): string[] {
  const ids = new RecordIds(contract);
  return file.map((row) => ids.next(row));
}

describe('record ids', () => {
  it('are 128 bits in hex, another one for each row of a file', () => {
    const ids = idsOf();
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(ids).size).toBe(4);
  });

  it('are the same whenever and wherever the same file is read', () => {
    expect(idsOf()).toEqual(idsOf());
    // Known for good: another value here would store every record of every database once more.
    expect(idsOf()[0]).toBe('45388a8cffcdfc43733e9ea82659b018');
  });

  it('do not depend on the order of the rows, but for copies of one row', () => {
    expect(idsOf(tinyContract(), [...rows].reverse()).sort()).toEqual(idsOf().sort());
  });

  it("do not depend on the order of the contract's features", () => {
    const reordered = tinyContract({ features: [...tinySource.features].reverse() });
    const file = rows.map(({ item, label }) => ({ item: { values: [...item.values].reverse() }, label }));
    expect(idsOf(reordered, file)).toEqual(idsOf());
  });

  it('tell a missing value from an empty one, and a number from its text', () => {
    const variants: ParsedRow[] = [null, '', 1, '1'].map((value) => ({
      item: { values: [1, 1, value] },
      label: 1,
    }));
    expect(new Set(variants.map((row) => idsOf(tinyContract(), [row])[0])).size).toBe(4);
  });

  it('are others for another detector', () => {
    const other = idsOf(tinyContract({ detector: 'other' }));
    expect(other.filter((id) => idsOf().includes(id))).toEqual([]);
  });

  it('tell apart what the split columns say, and change with no contract that has none', () => {
    const split = tinyContract({
      group: { column: 'capture' },
      split: { ...tinySource.split, time: 'seen_at' },
    });
    const [row] = rows;
    const ids = idsOf(split, [
      { ...row, split: ['a', 1] },
      { ...row, split: ['b', 1] },
      { ...row, split: ['a', 2] },
      { ...row, split: ['a', 1] },
    ]);
    expect(new Set([...ids, idsOf()[0]]).size).toBe(5);
    expect(ids[0]).toBe('22e3633d22a434af5482feb893239e55');
  });
});
