import { GradientScale, gradientOf, hessianOf, meanLogLoss, mostRows, priorLogOdds } from './log-loss.js';

it('begins with the log-odds of the weighted share of threats', () => {
  expect(priorLogOdds(Uint8Array.of(1, 0), Float64Array.of(1, 3))).toBeCloseTo(-Math.log(3), 14);
});

it('takes packed sums apart, whatever the sign of the gradient', () => {
  for (const gradient of [-(2 ** 26), -5, 0, 7]) {
    const packed = gradient * 2 ** 26 + 12345;
    expect([gradientOf(packed), hessianOf(packed)]).toEqual([gradient, 12345]);
  }
});

describe('GradientScale', () => {
  it('leaves room for every row to be rounded up by one', () => {
    const scale = new GradientScale();
    scale.fit(50, 20, 1000);
    expect(50 * scale.gradient + 1000).toBeCloseTo(2 ** 26 - 1, 6);
    expect(20 * scale.hessian + 1000).toBeCloseTo(2 ** 26 - 1, 6);
    expect(scale.gainUnit()).toBeCloseTo(scale.hessian / scale.gradient ** 2, 20);
    scale.fit(1, 1, mostRows);
    expect(scale.gradient).toBeGreaterThan(mostRows - 2);
  });

  it('has no steps where there are no gradients left', () => {
    const scale = new GradientScale();
    scale.fit(0, 0, 10);
    expect([scale.gradient, scale.hessian, scale.gainUnit()]).toEqual([0, 0, 0]);
  });
});

describe('meanLogLoss', () => {
  it('is the weighted mean, without overflow', () => {
    const even = meanLogLoss(Float64Array.of(0, 0), Uint8Array.of(0, 1), Float64Array.of(1, 2));
    expect(even).toBeCloseTo(Math.LN2, 15);
    expect(meanLogLoss(Float64Array.of(-1000), Uint8Array.of(1), Float64Array.of(1))).toBe(1000);
  });
});
