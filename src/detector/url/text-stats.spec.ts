import { letterLikelihood } from './bigrams.js';
import { countConfusables, hasMixedScripts, skeleton } from './confusables.js';
import { textStats } from './text-stats.js';

describe('statistics of a text', () => {
  it('count and measure runs', () => {
    expect(textStats('ab12-xyz.345f00d-')).toEqual({
      length: 17,
      digits: 7,
      letters: 7,
      vowels: 2,
      hyphens: 2,
      dots: 1,
      digitRun: 3,
      consonantRun: 1,
      hexRun: 7,
      switches: 4,
      entropy: expect.closeTo(3.852, 3),
    });
  });

  it.each([
    ['', 0],
    ['a', 0],
    ['aaaa', 0],
    ['abab', 1],
    ['abcd', 2],
  ])('the entropy of %j is %d bits', (text, bits) => {
    expect(textStats(text).entropy).toBeCloseTo(bits, 12);
  });

  it('count nothing twice', () => {
    textStats('aaaabbbb');
    expect(textStats('ab').entropy).toBe(1);
  });
});

describe('the likelihood of letters', () => {
  it('is that of neighbouring letters, not across marks', () => {
    expect(letterLikelihood('qu', 1)).toBeGreaterThan(letterLikelihood('qz', 1));
    expect(letterLikelihood('q-u', 1)).toBe(0);
    expect(letterLikelihood('stone')).toBeGreaterThan(-4);
    expect(letterLikelihood('sto')).toBe(0);
  });
});

describe('letters that look alike', () => {
  it.each([
    ['arnazon', 'amazon'],
    ['vvise', 'wise'],
    ['clhl', 'dhl'],
    ['pаypаl', 'paypal'],
    ['gõògle', 'google'],
    ['αρρle', 'apple'],
    ['plain', 'plain'],
  ])('%s looks like %s', (name, form) => {
    expect(skeleton(name)).toBe(form);
  });

  it('are counted, and scripts told apart by label', () => {
    expect([countConfusables('pаypаl'), countConfusables('café'), countConfusables('paypal')]).toEqual([
      2, 0, 0,
    ]);
    expect(hasMixedScripts('pаypal.com')).toBe(true);
    expect(hasMixedScripts('пример.com')).toBe(false);
  });
});
