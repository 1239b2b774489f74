import { finish, mix } from '../../ml/murmur.js';
import type { CanonicalUrl } from './canonical-url.js';
import { longestUrl } from './percent.js';

export interface NgramOptions {
  /** Buckets are 2^bits. */
  readonly bits?: number;
  /** Shortest and longest run of characters. */
  readonly shortest?: number;
  readonly longest?: number;
}

/** Marks that no canonical URL holds, between what must not run together. */
const hostStart = 1;
const domainStart = 2;
const hostEnd = 3;
const tailEnd = 4;
const userinfoStart = 5;

const hostSeed = 0x3c6ef372;
const tailSeed = 0x1b873593;

/**
 * Hashes a URL's runs of 3 and 4 characters into buckets (Weinberger et al. 2009, without signs): those of the host,
 * with marks at its ends and before the registered domain, apart from those of path, query and fragment. Scheme,
 * `www.`, port and case are not seen, and every digit is seen as 0: which digits they are tells one source from another. One hasher is one set of buffers: not for two callers at once.
 */
export class NgramHasher {
  readonly buckets: number;
  /** Distinct buckets of the last URL in order of appearance; as many count as `hash` returned. */
  readonly indices: Int32Array;
  /** How often each of them appeared. */
  readonly counts: Uint16Array;

  /** How many of them are the host's; they come first. */
  hostDistinct = 0;

  private readonly shortest: number;
  private readonly longest: number;
  private readonly shift: number;
  /** The position of a bucket in `indices`, valid where that position holds the bucket. */
  private readonly places: Uint16Array;
  private readonly codes = new Uint8Array(longestUrl + 8);

  constructor({ bits = 20, shortest = 3, longest = 4 }: NgramOptions = {}) {
    if (!(bits >= 8 && bits <= 24)) throw new RangeError(`n-grams: 2^${bits} buckets`);
    if (!(shortest >= 1 && longest >= shortest && longest <= 8)) {
      throw new RangeError(`n-grams: of ${shortest} to ${longest} characters`);
    }
    this.buckets = 2 ** bits;
    this.shift = 32 - bits;
    this.shortest = shortest;
    this.longest = longest;
    const most = Math.min((longestUrl + 8) * (longest - shortest + 1), 65_535);
    this.indices = new Int32Array(most);
    this.counts = new Uint16Array(most);
    this.places = new Uint16Array(this.buckets);
  }

  /** Fills `indices` and `counts`. @returns how many distinct buckets there are */
  hash(url: CanonicalUrl): number {
    const { codes } = this;
    codes[0] = hostStart;
    const domainAt = url.bareHost.length - url.registeredDomain.length;
    let end = this.write(url.bareHost.slice(0, domainAt), 1);
    codes[end++] = domainStart;
    end = this.write(url.registeredDomain, end);
    codes[end++] = hostEnd;
    const distinct = this.run(end, hostSeed, 0);
    this.hostDistinct = distinct;
    end = this.write(url.tail, 0);
    if (url.userinfo !== null) {
      codes[end++] = userinfoStart;
      end = this.write(url.userinfo.toLowerCase(), end);
    }
    if (end === 0) return distinct;
    codes[end++] = tailEnd;
    return this.run(end, tailSeed, distinct);
  }

  private write(text: string, from: number): number {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      this.codes[from + i] = code >= 0x30 && code <= 0x39 ? 0x30 : code;
    }
    return from + text.length;
  }

  /** Hashes each run of `codes[0, end)`; a run's hash goes on from that of the run one shorter. */
  private run(end: number, seed: number, distinct: number): number {
    const { codes, shortest, longest } = this;
    let found = distinct;
    for (let from = 0; from + shortest <= end; from++) {
      const last = from + longest < end ? from + longest : end;
      let hash = seed;
      for (let at = from; at < last; at++) {
        hash = mix(hash, codes[at]);
        if (at - from + 1 >= shortest) found = this.add(finish(hash) >>> this.shift, found);
      }
    }
    return found;
  }

  private add(bucket: number, found: number): number {
    const { indices, counts, places } = this;
    const place = places[bucket];
    if (place < found && indices[place] === bucket) {
      counts[place]++;
      return found;
    }
    if (found === indices.length) return found;
    indices[found] = bucket;
    counts[found] = 1;
    places[bucket] = found;
    return found + 1;
  }
}
