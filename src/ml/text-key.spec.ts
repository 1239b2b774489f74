import { Matrix } from './matrix.js';
import { groupsOf } from './splits.js';
import { stableHoldout } from './stable-holdout.js';
import { textKey } from './text-key.js';

describe('the key of a text', () => {
  it('is the same for good: another value here would move groups to the other side of every hold-out', () => {
    expect([textKey(''), textKey('capture-1'), textKey('bücher.example')]).toEqual([
      6405926542114816, 7361142046699467, 5555204050427235,
    ]);
  });

  it('is a whole number that a double holds, another one for each text', () => {
    const keys = Array.from({ length: 20_000 }, (_, i) => textKey(`host-${i}.example`));
    expect(keys.every(Number.isSafeInteger)).toBe(true);
    expect(new Set(keys).size).toBe(20_000);
    expect(textKey('ab')).not.toBe(textKey('ba'));
  });

  it('spreads over both halves evenly', () => {
    const keys = Array.from({ length: 20_000 }, (_, i) => textKey(String(i)));
    const upper = keys.filter((key) => key >= 2 ** 52).length;
    const odd = keys.filter((key) => key % 2 === 1).length;
    for (const count of [upper, odd]) expect(Math.abs(count - 10_000)).toBeLessThan(300);
  });

  it('lets a stable hold-out keep the rows of a text together, whatever else comes', () => {
    const texts = Array.from({ length: 3000 }, (_, i) => `domain-${i % 300}.example`);
    const keysOf = (of: readonly string[]): Matrix =>
      new Matrix(of.length, 1, Float64Array.from(of, textKey));
    const { train, test } = stableHoldout(keysOf(texts), { share: 0.2, seed: 1 });
    const tested = new Set(Array.from(test, (i) => texts[i]));
    expect(Array.from(train).filter((i) => tested.has(texts[i]))).toEqual([]);
    expect(tested.size).toBeGreaterThan(35);
    expect(tested.size).toBeLessThan(85);
    expect(new Set(groupsOf(keysOf(texts))).size).toBe(300);
    const more = ['new.example', ...texts];
    const later = stableHoldout(keysOf(more), { share: 0.2, seed: 1 });
    const laterTested = new Set(Array.from(later.test, (i) => more[i]));
    laterTested.delete('new.example');
    expect(laterTested).toEqual(tested);
  });
});
