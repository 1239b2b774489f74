import type { FitMemory } from './fit-memory.js';
import { HistogramPool } from './histogram-pool.js';

describe('HistogramPool', () => {
  it('lets waiting nodes keep histograms only while two are free', () => {
    const shared = { at: { histograms: 640 }, histograms: 4, histogramSize: 80 } as FitMemory;
    const pool = new HistogramPool(shared);
    pool.clear();
    for (const node of [0, 1, 2]) pool.take(node);
    expect([0, 1, 2].map((node) => pool.of(node))).toEqual([640, 720, 800]);
    pool.keep(1);
    expect(pool.has(1)).toBe(false);
    pool.keep(2);
    expect(pool.has(2)).toBe(true);
    pool.move(2, 7);
    expect([pool.has(2), pool.of(7)]).toEqual([false, 800]);
    pool.release(0);
    pool.take(9);
    expect(pool.of(9)).toBe(640);
  });
});
