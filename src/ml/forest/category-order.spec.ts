import { Random } from '../random.js';
import { drawSubset, sortByThreatShare } from './category-order.js';

describe('sortByThreatShare', () => {
  it('sorts by share and not by weight, ties by code, and only as many codes as it is told', () => {
    // Shares of codes 0 to 4: 1/2, 0, 9/10, 1/2, 1.
    const sums = Float64Array.of(5, 5, 3, 0, 1, 9, 1, 1, 0, 0.5);
    const present = Uint8Array.of(4, 3, 2, 1, 0, 7);
    sortByThreatShare(present, 5, sums);
    expect([...present]).toEqual([1, 0, 3, 2, 4, 7]);
  });
});

describe('drawSubset', () => {
  it('draws each subset but none and all equally often', () => {
    const random = new Random(1);
    const times = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const present = Uint8Array.of(5, 6, 7);
      const drawn = drawSubset(present, 3, random);
      expect([...present].sort()).toEqual([5, 6, 7]);
      const subset = [...present.subarray(0, drawn)].sort().join();
      times.set(subset, (times.get(subset) ?? 0) + 1);
    }
    expect([...times.keys()].sort()).toEqual(['5', '5,6', '5,7', '6', '6,7', '7']);
    for (const count of times.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});
