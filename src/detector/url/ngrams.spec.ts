import { readAddress } from './canonical-url.js';
import { NgramHasher } from './ngrams.js';
import { type Reading, readingOf } from './reading.js';

function read(text: string): Reading {
  return readingOf(readAddress(text));
}

function buckets(hasher: NgramHasher, text: string): Set<number> {
  return new Set(hasher.indices.slice(0, hasher.hash(read(text))));
}

describe('hashed n-grams', () => {
  const hasher = new NgramHasher({ bits: 18 });

  it('are all runs of three and four characters, marks included', () => {
    // ^ | a b . c o $ is eight characters: 6 runs of three, 5 of four.
    expect(hasher.hash(read('ab.co'))).toBe(11);
    // / x $ adds one.
    expect(hasher.hash(read('ab.co/x'))).toBe(12);
  });

  it('count once what comes again', () => {
    const one = new NgramHasher({ shortest: 3, longest: 3 });
    // Six of the host; /xx, xxx three times, xx$.
    expect(one.hash(read('ab.co/xxxxx'))).toBe(9);
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
    const distinct = small.hash(read(`example.com/${'no-word-is-like-another/'.repeat(330)}`));
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

it('sees every digit as the same', () => {
  const bucketsOf = (text: string): number[] => {
    const own = new NgramHasher();
    return [...own.indices.subarray(0, own.hash(read(text)))];
  };
  expect(bucketsOf('host12.example/a9')).toEqual(bucketsOf('host87.example/a3'));
  expect(bucketsOf('host12.example/a9')).not.toEqual(bucketsOf('host1x.example/a9'));
});
