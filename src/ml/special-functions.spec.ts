import { chiSquareTail, kolmogorovTail, logGamma, upperIncompleteGamma } from './special-functions.js';

/** Each expected value is scipy 1.17's: special.gammaln, gammaincc, kolmogorov, stats.chi2.sf. */
const relativeError = (actual: number, expected: number): number => Math.abs(actual / expected - 1);

describe('special functions', () => {
  it.each([
    [0.1, 2.252712651734206],
    [5.5, 3.9578139676187165],
    [120, 453.0248962384961],
  ])('logGamma(%d)', (x, expected) => {
    expect(relativeError(logGamma(x), expected)).toBeLessThan(1e-13);
  });

  it.each([
    [0.5, 0.1, 0.6547208460185768],
    [3, 10, 0.0027693957155115775],
    [50, 45, 0.7531979655998298],
    [2, 2, 0.40600584970983794],
    [2, 0, 1],
  ])('upperIncompleteGamma(%d, %d)', (a, x, expected) => {
    expect(relativeError(upperIncompleteGamma(a, x), expected)).toBeLessThan(1e-12);
  });

  it.each([
    [3.84, 1, 0.05004352124870519],
    [10, 5, 0.07523524614651217],
    [200, 150, 0.003973185970821635],
    [0.5, 3, 0.9188914116546758],
    [0, 0, 1],
  ])('chiSquareTail(%d, %d)', (statistic, degrees, expected) => {
    expect(relativeError(chiSquareTail(statistic, degrees), expected)).toBeLessThan(1e-12);
  });

  it.each([
    [0, 1],
    [0.5, 0.9639452436648751],
    [1, 0.26999967167735456],
    [1.2, 0.11224966667072497],
    [2, 0.0006709252557796953],
  ])('kolmogorovTail(%d)', (x, expected) => {
    expect(relativeError(kolmogorovTail(x), expected)).toBeLessThan(1e-12);
  });
});
