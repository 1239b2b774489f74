import { gaussLegendre } from './quadrature.js';

describe('gaussLegendre', () => {
  it('has the published points and weights', () => {
    const { points, weights } = gaussLegendre(2);
    expect(points[0]).toBeCloseTo((1 - 1 / Math.sqrt(3)) / 2, 15);
    expect(weights[0]).toBeCloseTo(0.5, 15);
  });

  it.each([1, 2, 5, 16, 60])('integrates with %i points what they can', (n) => {
    const { points, weights } = gaussLegendre(n);
    for (const degree of [0, 1, n, 2 * n - 1]) {
      const integral = points.reduce((sum, t, q) => sum + weights[q] * t ** degree, 0);
      expect(integral).toBeCloseTo(1 / (degree + 1), 13);
    }
  });
});
