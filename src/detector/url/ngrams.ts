import { finish, scramble, stir } from '../../ml/murmur.js';
import { longestUrl } from './percent.js';
import type { Reading } from './reading.js';

export interface NgramOptions {
  /** Buckets are 2^bits. */
  readonly bits?: number;
  /** Shortest and longest run of characters. */
  readonly shortest?: number;
  readonly longest?: number;
}

/** A piece of an address with one number a character. */
export interface SpelledPiece {
  readonly text: string;
  readonly sums: Float64Array;
}

/** Marks that no address as it is read holds, between what must not run together. */
const hostStart = 1;
const domainStart = 2;
const hostEnd = 3;
const tailEnd = 4;
const userinfoStart = 5;

const hostSeed = 0x3c6ef372;
const tailSeed = 0x1b873593;

/** By character code below 128: its half of a round of the hash, every digit's that of 0. */
const scrambled = Int32Array.from({ length: 128 }, (_, code) =>
  scramble(code >= 0x30 && code <= 0x39 ? 0x30 : code),
);

/**
 * Hashes a URL's runs of 3 and 4 characters into buckets (Weinberger et al. 2009, without signs): those of the host,
 * with marks at its ends and before the registered domain, apart from those of path, query and fragment. They are those
 * of the address as a person reads it. Scheme, `www.`, port and case are not seen, and every digit is seen as 0: which
 * digits they are tells one source from another.
 * One hasher is one set of buffers: not for two callers at once.
 */
export class NgramHasher {
  readonly buckets: number;
  /** Distinct buckets of the last URL in order of appearance; as many count as `hash` returned. */
  readonly indices: Int32Array;

  private readonly shortest: number;
  private readonly longest: number;
  private readonly shift: number;
  private readonly words = new Int32Array(longestUrl + 8);
  /** Which buckets the URL has: an open hash table of places in `indices`, from 1; only as much of it as it needs. */
  private readonly table: Uint16Array;
  private mask = 0;

  constructor({ bits = 20, shortest = 3, longest = 4 }: NgramOptions = {}) {
    if (!(bits >= 8 && bits <= 24)) throw new RangeError(`n-grams: 2^${bits} buckets`);
    if (!(shortest >= 1 && longest >= shortest && longest <= 8)) {
      throw new RangeError(`n-grams: of ${shortest} to ${longest} characters`);
    }
    this.buckets = 2 ** bits;
    this.shift = 32 - bits;
    this.shortest = shortest;
    this.longest = longest;
    const most = Math.min(this.mostOf(longestUrl), 65_534);
    this.indices = new Int32Array(most);
    this.table = new Uint16Array(tableSize(most));
  }

  /** Fills `indices`. @returns how many distinct buckets there are */
  hash(reading: Reading): number {
    const { host, domain, tail, userinfo } = reading;
    this.clear(host.length + tail.length + (userinfo?.length ?? 0));
    const distinct = this.run(this.writeHost(host, domain), hostSeed, 0);
    return this.run(this.writeTail(tail, userinfo), tailSeed, distinct);
  }

  /**
   * Adds up values of a URL's distinct buckets by the characters that they come from, each n-gram's in equal parts. For
   * explanations.
   * @param values one a bucket, in the order of `indices`
   * @returns pieces of the URL, between marks, with one number a character
   */
  spread(reading: Reading, values: ArrayLike<number>): SpelledPiece[] {
    const distinct = this.hash(reading);
    const value = new Map(Array.from({ length: distinct }, (_, i) => [this.indices[i], values[i]]));
    const { host, domain, tail, userinfo } = reading;
    const domainAt = host.length - domain.length;
    const hostSums = this.spreadRun(this.writeHost(host, domain), hostSeed, value);
    const tailSums = this.spreadRun(this.writeTail(tail, userinfo), tailSeed, value);
    const pieces = [
      { text: host.slice(0, domainAt), sums: hostSums.subarray(1, 1 + domainAt) },
      { text: domain, sums: hostSums.subarray(2 + domainAt, 2 + host.length) },
      { text: tail, sums: tailSums.subarray(0, tail.length) },
      { text: userinfo ?? '', sums: tailSums.subarray(tail.length + 1) },
    ];
    return pieces.filter(({ text }) => text !== '');
  }

  private spreadRun(end: number, seed: number, value: ReadonlyMap<number, number>): Float64Array {
    const { words, shortest, longest } = this;
    const sums = new Float64Array(end);
    for (let from = 0; from < end; from++) {
      let hash = seed;
      for (let at = from; at < Math.min(from + longest, end); at++) {
        hash = stir(hash, words[at]);
        const length = at - from + 1;
        if (length < shortest) continue;
        const part = (value.get(finish(hash) >>> this.shift) ?? 0) / length;
        for (let i = from; i <= at; i++) sums[i] += part;
      }
    }
    return sums;
  }

  private writeHost(host: string, domain: string): number {
    const { words } = this;
    words[0] = scrambled[hostStart];
    const domainAt = host.length - domain.length;
    let end = this.write(host, 0, domainAt, 1);
    words[end++] = scrambled[domainStart];
    end = this.write(host, domainAt, host.length, end);
    words[end++] = scrambled[hostEnd];
    return end;
  }

  /** 0 where nothing stands behind the host or before it. */
  private writeTail(tail: string, userinfo: string | null): number {
    const { words } = this;
    let end = this.write(tail, 0, tail.length, 0);
    if (userinfo !== null) {
      words[end++] = scrambled[userinfoStart];
      end = this.write(userinfo, 0, userinfo.length, end);
    }
    if (end > 0) words[end++] = scrambled[tailEnd];
    return end;
  }

  /** Runs that a URL of so many characters has at most. */
  private mostOf(length: number): number {
    return (length + 8) * (this.longest - this.shortest + 1);
  }

  private clear(length: number): void {
    const size = Math.min(this.table.length, tableSize(this.mostOf(length)));
    this.mask = size - 1;
    this.table.fill(0, 0, size);
  }

  private write(text: string, from: number, to: number, at: number): number {
    for (let i = from; i < to; i++) {
      const code = text.charCodeAt(i);
      this.words[at + i - from] = code < 128 ? scrambled[code] : scramble(code);
    }
    return at + to - from;
  }

  /** Hashes each run of `words[0, end)`; a run's hash goes on from that of the run one shorter. */
  private run(end: number, seed: number, distinct: number): number {
    const { words, shortest, longest } = this;
    let found = distinct;
    for (let from = 0; from + shortest <= end; from++) {
      const last = from + longest < end ? from + longest : end;
      let hash = seed;
      for (let at = from; at < last; at++) {
        hash = stir(hash, words[at]);
        if (at - from + 1 >= shortest) found = this.add(finish(hash) >>> this.shift, found);
      }
    }
    return found;
  }

  private add(bucket: number, found: number): number {
    const { indices, table, mask } = this;
    let slot = bucket & mask;
    for (; table[slot] !== 0; slot = (slot + 1) & mask) {
      if (indices[table[slot] - 1] === bucket) return found;
    }
    if (found === indices.length) return found;
    indices[found] = bucket;
    table[slot] = found + 1;
    return found + 1;
  }
}

/** A power of two, at least twice as many as are to go in. */
function tableSize(most: number): number {
  return 2 ** Math.ceil(Math.log2(2 * most));
}
