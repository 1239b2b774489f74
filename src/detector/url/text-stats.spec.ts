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
      foreign: 0,
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

  it('take letters beyond ASCII for letters, and for nothing else', () => {
    expect(textStats('日本7語')).toMatchObject({
      letters: 3,
      foreign: 3,
      vowels: 0,
      consonantRun: 0,
      switches: 2,
    });
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

  it('is that of words for letters of other scripts', () => {
    expect(letterLikelihood('삼성전자주식')).toBeCloseTo(letterLikelihood('президент'), 12);
    expect(letterLikelihood('президент')).toBeGreaterThan(-4);
    expect(letterLikelihood('президент')).toBeLessThan(-3);
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
    expect(['pаypаl.com', 'café.com', 'paypal.com', 'ɡithub.com'].map(countConfusables)).toEqual([
      2, 0, 0, 1,
    ]);
    expect(hasMixedScripts('pаypal.com')).toBe(true);
    expect(hasMixedScripts('пример.com')).toBe(false);
  });

  it.each([
    ['аррӏе.com', 5],
    ['login.аррӏе.com', 5],
    // Letters that no Latin name has make it a name of its own script.
    ['почта.com', 0],
    ['αθήνα.gr', 0],
    // The same letters below a domain of their own script are read in that script.
    ['оса.рф', 0],
    ['łódź.pl', 0],
    ['søndag.dk', 0],
  ])('%s has %d that pass for Latin ones', (host, letters) => {
    expect(countConfusables(host)).toBe(letters);
  });
});
