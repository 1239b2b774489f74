import { CountBudget, DistinctCount } from './distinct-count.js';

const filled = (count: DistinctCount, values: number): DistinctCount => {
  for (let i = 0; i < values; i++) count.add(i - 5);
  return count;
};

describe('counting distinct values', () => {
  it('is exact, however often each comes', () => {
    const count = filled(filled(new DistinctCount(new CountBudget(1e6)), 40_000), 40_000);
    expect([count.count, count.isFull]).toEqual([40_000, false]);
  });

  it('stops where the room that all share is used up, says so, and gives its own back', () => {
    const budget = new CountBudget(1024);
    const one = filled(new DistinctCount(budget), 5000);
    expect([one.count, one.isFull]).toEqual([385, true]);
    const other = filled(new DistinctCount(budget), 5000);
    expect([other.count < 385, other.isFull]).toEqual([true, true]);
    one.end();
    one.add(77_777);
    expect(one.count).toBe(385);
    expect(filled(new DistinctCount(budget), 380).isFull).toBe(false);
  });
});
