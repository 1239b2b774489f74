import { isUrlFault, parseUrl } from './canonical-url.js';
import { NgramHasher } from './ngrams.js';
import { longestUrl } from './percent.js';
import { urlFacts } from './url-facts.js';
import { featurizeUrl, urlFeatures } from './url-features.js';

/** Texts that make careless patterns try again and again, each as long as one may be. */
const hostile: readonly (readonly [string, string])[] = [
  ...[
    'a',
    '-',
    '.',
    'a.',
    '%',
    '%25',
    '%2',
    '%32',
    '/',
    '/.',
    '/..',
    '/a/',
    '@',
    'a@',
    ':',
    '?',
    '&',
    '=',
    'a=&',
    '#',
    '[',
    '(',
    '[.]',
  ],
  ...[
    '[ dot ]',
    '(dot',
    ' ',
    '\t',
    '\u200b',
    'é',
    '\ud800',
    '𝐚',
    'xn--',
    'www.',
    'http:',
    'http://',
    '"',
    "'",
    'url:',
    '\\',
    '0x',
    '0.',
  ],
  ...[
    'rn',
    'vv',
    'paypal',
    'paypa',
    'google-',
    'a@a-',
    '1a',
    'login',
    'com.',
    'п',
    'ap.',
    'hxxp',
    'a-',
    '.com',
    '{',
    '<',
  ],
].flatMap((piece) =>
  ['', 'http://', 'http://example.com/', 'http://example.com/?', 'http://example.com/#', 'http://a@'].map(
    (start) => [start, piece] as const,
  ),
);

/** Milliseconds that one address may take. */
const limit = 5;

describe('the time for one address', () => {
  const out = new Float64Array(urlFeatures.length);
  const hasher = new NgramHasher();

  function milliseconds(text: string): number {
    const start = performance.now();
    const url = parseUrl(text);
    if (!isUrlFault(url)) {
      const facts = urlFacts(url);
      featurizeUrl(facts, out);
      hasher.hash(facts.reading);
    }
    return performance.now() - start;
  }

  /**
   * Whether the work can be done in time at all: what other processes take away is not the code's,
   * and a pattern that backtracks is over the limit in every one of the attempts.
   */
  function inTime(text: string): boolean {
    for (let attempt = 0; attempt < 100; attempt++) if (milliseconds(text) < limit) return true;
    return false;
  }

  it('stays below 5 ms, whatever the text', () => {
    for (let warm = 0; warm < 3; warm++) milliseconds(`http://example.com/${'a1/'.repeat(2500)}`);
    const slow = hostile.filter(
      ([start, piece]) => !inTime((start + piece.repeat(longestUrl)).slice(0, longestUrl)),
    );
    expect(slow).toEqual([]);
  });

  it('does not depend on how much longer than allowed a text is', () => {
    expect(inTime('http://example.com/' + 'a'.repeat(20_000_000))).toBe(true);
  });
});
