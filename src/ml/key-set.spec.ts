import { countKnown, encodeKeys } from './key-set.js';

describe('a set of keys', () => {
  it('knows those that were put in, however often and in whatever order', () => {
    const keys = Float64Array.of(2 ** 52 + 7, 0, 2 ** 32 - 1, 7, 300, 7, 128, 127);
    const encoded = encodeKeys(keys);
    expect(countKnown(keys, encoded)).toBe(8);
    expect(countKnown(Float64Array.of(1, 8, 129, 301, 2 ** 32 - 2), encoded)).toBe(0);
    expect(countKnown(keys, encodeKeys(new Float64Array(0)))).toBe(0);
  });

  it('takes less than three bytes a key where there are many, and knows next to none that are strange', () => {
    const keyAt = (i: number): number => (i * 2_654_435_761) % 2 ** 32;
    const encoded = encodeKeys(Float64Array.from({ length: 100_000 }, (_, i) => keyAt(i)));
    expect((encoded.length * 3) / 4).toBeLessThan(300_000);
    const strange = Float64Array.from({ length: 10_000 }, (_, i) => keyAt(i + 100_000));
    expect(countKnown(strange, encoded)).toBe(0);
  });
});
