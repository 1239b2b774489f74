import { OccurrenceCounter } from './occurrence-counter.js';

describe('OccurrenceCounter', () => {
  it('counts each key on its own, through growth and collisions', () => {
    const counter = new OccurrenceCounter();
    const expected = new Map<number, number>();
    for (let i = 0; i < 20_000; i++) {
      const key = ((i * 7919) % 5000) * 1024; // all fall into the same slots of the first table
      const before = expected.get(key) ?? 0;
      expect(counter.next(key)).toBe(before);
      expected.set(key, before + 1);
    }
  });

  it('takes keys up to 48 bits', () => {
    const counter = new OccurrenceCounter();
    expect([counter.next(2 ** 48 - 1), counter.next(0), counter.next(2 ** 48 - 1)]).toEqual([0, 0, 1]);
  });
});
