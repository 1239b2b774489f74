import type { OwnedName } from './owners.js';
import { editDistance } from './edit-distance.js';

/** The name's place and how many letters are wrong; -1 and 0 for none. */
export type Near = readonly [place: number, distance: number];

const nothing: Near = [-1, 0];
/** Words are as near to other words as names are to their imitations, but long ones. */
const shortestWord = 7;
const shortestMinor = 8;
/** Two letters off, words this long are seldom other words. */
const shortestSure = 12;
const shortest = 5;
const longest = 24;

/** Finds the name that a text misses by a letter or two. Of imitations nearly all keep the first letter. */
export class NearNames {
  /** Places of names, by first letter and length. */
  private readonly buckets: number[][] = Array.from({ length: 128 * 32 }, () => []);
  /** How names begin that may be stuffed. */
  private readonly starts = new Set<string>();
  private readonly bits: Int32Array;
  private readonly byName = new Map<string, number>();

  constructor(private readonly names: readonly OwnedName[]) {
    this.bits = Int32Array.from(names, ({ name }) => bitsOf(name));
    names.forEach(({ name, isWord, isMinor }, place) => {
      if (name.length < (isMinor ? shortestMinor : isWord ? shortestWord : shortest) || name.length > longest)
        return;
      this.buckets[bucketOf(name.charCodeAt(0), name.length)].push(place);
      this.starts.add(name.slice(0, 3));

      this.byName.set(name, place);
    });
  }

  /** @param text lower-case letters and digits, none of the names */
  find(text: string): Near {
    let best = nothing;
    const [first, second] = [text.charCodeAt(0), text.charCodeAt(1)];
    if (text.length < shortest - 1 || text.length > longest + 2 || first > 127 || second > 127)
      return nothing;
    const bits = bitsOf(text);
    for (let length = text.length - 2; length <= text.length + 2; length++) {
      const limit = tolerance(length);
      if (Math.abs(length - text.length) > limit) continue;
      best = this.nearest(text, bits, first, length, limit, best);
      if (second !== first) best = this.nearest(text, bits, second, length, 1, best);
    }
    return best === nothing ? this.stuffed(text) : best;
  }

  private nearest(
    text: string,
    bits: number,
    letter: number,
    length: number,
    limit: number,
    best: Near,
  ): Near {
    let nearest = best;
    for (const place of this.buckets[bucketOf(letter, length)]) {
      if (differences(bits ^ this.bits[place]) > 2 * limit) continue;
      const distance = editDistance(text, this.names[place].name, limit);
      const { isWord, isMinor } = this.names[place];
      if (distance > 1 && (isMinor || (isWord && length < shortestSure))) continue;
      if (distance <= limit && distance > 0 && (nearest === nothing || distance < nearest[1]))
        nearest = [place, distance];
    }
    return nearest;
  }

  /** A name with two letters put into its middle: `schwxwab`. */
  private stuffed(text: string): Near {
    if (text.length < 8 || !this.starts.has(text.slice(0, 3))) return nothing;
    for (let at = 3; at <= text.length - 4; at++) {
      const place = this.byName.get(text.slice(0, at) + text.slice(at + 2));
      if (place !== undefined) return [place, 2];
    }
    return nothing;
  }
}

/** Letters that may be wrong: one in short names, two in long ones. */
function tolerance(length: number): number {
  return length >= 10 ? 2 : 1;
}

function bucketOf(letter: number, length: number): number {
  return letter * 32 + length;
}

/** Which letters a text has, as bits: texts whose bits differ in more places than letters may differ need no look. */
function bitsOf(text: string): number {
  let bits = 0;
  for (let i = 0; i < text.length; i++) bits |= 1 << (text.charCodeAt(i) & 31);
  return bits;
}

/** How many bits are set, up to 5. */
function differences(bits: number): number {
  let rest = bits;
  let count = 0;
  while (rest !== 0 && count < 5) {
    rest &= rest - 1;
    count++;
  }
  return count;
}
