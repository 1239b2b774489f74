import { Random } from '../random.js';
import { gradientOf, hessianOf, LogLoss, meanLogLoss } from './log-loss.js';

describe('LogLoss', () => {
  it('has the derivatives of the weighted log loss', () => {
    const loss = new LogLoss(Uint8Array.of(1, 0), Float64Array.of(1, 3));
    loss.update(Float64Array.of(0, Math.log(3)));
    expect([...loss.gradient]).toEqual([-0.5, expect.closeTo(2.25, 14)]);
    expect([...loss.hessian]).toEqual([0.25, expect.closeTo(0.5625, 14)]);
    expect(loss.prior()).toBeCloseTo(-Math.log(3), 14);
  });

  it('packs both so that sums over any rows are right to a step or two', () => {
    const random = new Random(1);
    const rows = 5000;
    const y = Uint8Array.from({ length: rows }, () => random.below(2));
    const loss = new LogLoss(
      y,
      Float64Array.from(y, () => random.float()),
    );
    loss.update(Float64Array.from(y, () => 20 * random.float() - 10));
    const share = Math.sqrt(loss.hessianScale * loss.gainUnit()) ** -1 * loss.hessianScale;
    for (const [from, to] of [
      [0, 5000],
      [17, 18],
      [100, 4000],
    ]) {
      // prettier-ignore
      const packed = loss.packed.subarray(from, to).reduce((sum, value) => sum + value, 0);
      const hessian = loss.hessian.subarray(from, to).reduce((sum, value) => sum + value, 0);
      const gradient = loss.gradient.subarray(from, to).reduce((sum, value) => sum + value, 0);
      expect(Math.abs(hessianOf(packed) - hessian * loss.hessianScale)).toBeLessThan(2);
      expect(Math.abs(gradientOf(packed) - gradient * share)).toBeLessThan(2);
    }
  });

  it('stays exact with as many rows as the fields hold', () => {
    const rows = 300_000;
    const loss = new LogLoss(new Uint8Array(rows).fill(1, 1), new Float64Array(rows).fill(1));
    loss.update(new Float64Array(rows));
    const sum = loss.packed.reduce((total, value) => total + value, 0);
    expect(Number.isSafeInteger(sum)).toBe(true);
    expect(hessianOf(sum)).toBeLessThan(2 ** 26);
    expect(gradientOf(sum)).toBeGreaterThan(-(2 ** 26));
  });
});

describe('meanLogLoss', () => {
  it('is the weighted mean, without overflow', () => {
    expect(meanLogLoss(Float64Array.of(0, 0), Uint8Array.of(0, 1), Float64Array.of(1, 2))).toBeCloseTo(
      Math.LN2,
      15,
    );
    expect(meanLogLoss(Float64Array.of(-1000), Uint8Array.of(1), Float64Array.of(1))).toBe(1000);
  });
});
