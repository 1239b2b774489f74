import { type CanonicalUrl, isUrlFault, parseUrl } from './canonical-url.js';
import { NgramHasher } from './ngrams.js';

function read(text: string): CanonicalUrl {
  const url = parseUrl(text);
  if (isUrlFault(url)) throw new Error(url.message);
  return url;
}

function buckets(hasher: NgramHasher, text: string): Set<number> {
  return new Set(hasher.indices.slice(0, hasher.hash(read(text))));
}

describe('hashed n-grams', () => {
  const hasher = new NgramHasher({ bits: 18 });

  it('are all runs of three to five characters, marks included', () => {
    // ^ | a b . c o $ is eight characters: 6 runs of three, 5 of four, 4 of five.
    expect(hasher.hash(read('ab.co'))).toBe(15);
    expect(hasher.hostDistinct).toBe(15);
    // / x $ adds one.
    expect(hasher.hash(read('ab.co/x'))).toBe(16);
    expect(hasher.hostDistinct).toBe(15);
  });

  it('count what comes again', () => {
    const one = new NgramHasher({ shortest: 3, longest: 3 });
    const distinct = one.hash(read('ab.co/xxxxx'));
    // /xx, xxx three times, xx$.
    expect([...one.counts.slice(6, distinct)]).toEqual([1, 3, 1]);
  });

  it('are apart for host and path', () => {
    const host = buckets(hasher, 'login.example.com');
    const path = buckets(hasher, 'zzz.zz/login.example.com');
    expect([...host].filter((bucket) => path.has(bucket))).toEqual([]);
  });

  it('are apart for a registered domain and a name before one', () => {
    const own = buckets(hasher, 'paypal.com');
    const feigned = buckets(hasher, 'paypal.com.zz.zz');
    const shared = [...own].filter((bucket) => feigned.has(bucket)).length;
    expect(shared).toBeLessThan(own.size - 5);
  });

  it('are the same for a hasher that was used before', () => {
    const fresh = new NgramHasher({ bits: 12 });
    const used = new NgramHasher({ bits: 12 });
    for (const text of ['a.example/b?c', 'login.example.com/%20', 'x.example']) used.hash(read(text));
    expect(buckets(used, 'b.example/c')).toEqual(buckets(fresh, 'b.example/c'));
  });

  it('stay within their buckets, for the longest address too', () => {
    const small = new NgramHasher({ bits: 8 });
    const distinct = small.hash(read(`example.com/${'abcdefghijklm0123456789'.repeat(350)}`));
    expect(distinct).toBeLessThanOrEqual(256);
    expect(Math.max(...small.indices.slice(0, distinct))).toBeLessThan(256);
  });

  it.each([
    [{ bits: 4 }],
    [{ bits: 30 }],
    [{ shortest: 0 }],
    [{ shortest: 5, longest: 4 }],
    [{ longest: 20 }],
  ])('refuse %j', (options) => {
    expect(() => new NgramHasher(options)).toThrow(RangeError);
  });
});
