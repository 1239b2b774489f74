import { readAddress } from './canonical-url.js';
import { NgramHasher } from './ngrams.js';
import { readingOf } from './reading.js';
import { tellingStretches } from './spelling.js';

const hasher = new NgramHasher({ bits: 18 });

/** Values for an address: `value` where an n-gram is one of `like`, 0 else. */
function valuesOf(
  address: string,
  like: string,
  value: number,
): { reading: ReturnType<typeof readingOf>; values: number[] } {
  const known = readingOf(readAddress(like));
  const buckets = new Set(hasher.indices.slice(0, hasher.hash(known)));
  const reading = readingOf(readAddress(address));
  const own = [...hasher.indices.slice(0, hasher.hash(reading))];
  return { reading, values: own.map((bucket) => (buckets.has(bucket) ? value : 0)) };
}

describe('the stretches of an address that speak most', () => {
  it('are those whose n-grams have the strongest values in the direction, to the ends of their words', () => {
    const { reading, values } = valuesOf('green-garden.example/verify/roses', 'other.test/verify', 1);
    expect(tellingStretches(hasher, reading, values, 1)).toEqual(['verify']);
    expect(tellingStretches(hasher, reading, values, -1)).toEqual([]);
  });

  it('are found in the other direction and in the host', () => {
    const { reading, values } = valuesOf('secure-garden.example/roses', 'secure-bank.test/x', -1);
    expect(tellingStretches(hasher, reading, values, -1)).toEqual(['secure']);
  });

  it('never span an identifier', () => {
    const { reading, values } = valuesOf(
      'a.example/abc/9b218989bc47def0/xyz',
      'b.test/abc/9b218989bc47def0/xyz',
      1,
    );
    for (const stretch of tellingStretches(hasher, reading, values, 1))
      expect(stretch).toMatch(/^[\x21-\x7e]+$/);
  });
});
