import { editDistance } from './edit-distance.js';

describe('the edit distance', () => {
  it.each([
    ['paypal', 'paypal', 0],
    ['paypal', 'paypall', 1],
    ['paypal', 'pypal', 1],
    ['paypal', 'paypel', 1],
    ['paypal', 'apypal', 1],
    ['paypal', 'papyla', 2],
    ['kitten', 'sitting', 3],
    ['ca', 'abc', 3],
    ['', 'ab', 2],
    ['abcdef', 'ghijkl', 4],
  ])('of %s and %s is %i, up to 4', (a, b, distance) => {
    expect(editDistance(a, b, 3)).toBe(distance);
    expect(editDistance(b, a, 3)).toBe(distance);
  });

  it('stops beyond its limit', () => {
    expect(editDistance('kitten', 'sitting', 1)).toBe(2);
    expect(editDistance('a'.repeat(70), 'a'.repeat(70), 2)).toBe(3);
  });
});
