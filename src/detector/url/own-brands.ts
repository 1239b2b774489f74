import { domainToUnicode } from 'node:url';
import type { CanonicalUrl } from './canonical-url.js';
import { mergedLetters, skeleton, toLatin } from './confusables.js';
import { editDistance } from './edit-distance.js';
import { WordMatcher } from './word-matcher.js';
import { wordUse } from './word-use.js';

/** A name of one's own, and where its owner really lives. */
export interface OwnBrand {
  /** As people write it. */
  readonly name: string;
  /** Domains, and hosts at others, that are one's own; all below them are, too. */
  readonly domains: readonly string[];
}

/** An address that makes believe to be one's own. */
export interface OwnBrandImitation {
  readonly brand: OwnBrand;
  /** What stands in for the name: `acmebannk`. */
  readonly part: string;
  /** How it does, as a clause. */
  readonly text: string;
  /** Whether the address asks for trust or haste as well, or is written so that a reader is deceived. */
  readonly isLure: boolean;
}

/** Shorter names count in a host only where they stand between marks or beside words of trust, and nowhere else. */
const shortestInside = 6;
/** Shorter names have too many neighbours to be missed by a letter. */
const shortestMisspelt = 5;
/** Names from this length on may be missed by two letters. */
const longName = 10;
/** All names together, as the matcher takes them. */
const mostLetters = 60_000;

interface Spelling {
  /** Lower-case letters and digits. */
  readonly name: string;
  readonly brand: OwnBrand;
}

/**
 * Finds addresses that imitate brands which an operator has named. Those brands are few and meant, so that a rule may
 * decide where the names that many addresses hold by chance need a model.
 */
export class OwnBrands {
  private readonly own = new Set<string>();
  private readonly spellings: readonly Spelling[];
  private readonly matcher: WordMatcher;

  constructor(brands: readonly OwnBrand[]) {
    const named = new Map<string, Spelling>();
    let letters = 0;
    for (const brand of brands) {
      for (const domain of brand.domains) this.own.add(domain);
      for (const text of [brand.name, ...brand.domains.map(firstLabel)]) {
        const name = plain(text);
        const form = skeleton(name);
        letters += form.length;
        if (name.length >= 3 && !named.has(form) && letters <= mostLetters) named.set(form, { name, brand });
      }
    }
    this.spellings = [...named.values()];
    this.matcher = new WordMatcher([...named.keys()].map(merged), mergedLetters);
  }

  /** Null where the address is one's own, or has nothing to do with one's names. */
  imitatedBy(url: CanonicalUrl): OwnBrandImitation | null {
    if (this.spellings.length === 0 || this.isOwn(url.host)) return null;
    return this.inHost(url) ?? this.inUserinfo(url) ?? this.inTail(url);
  }

  private isOwn(host: string): boolean {
    for (let at = 0; at >= 0;) {
      if (this.own.has(host.slice(at))) return true;
      const dot = host.indexOf('.', at);
      at = dot < 0 ? -1 : dot + 1;
    }
    return false;
  }

  private inHost(url: CanonicalUrl): OwnBrandImitation | null {
    if (url.hostKind !== 'name') return null;
    const shown = (url.hostUnicode === url.host ? url.bareHost : url.hostUnicode).toLowerCase();
    const suffix = url.publicSuffix === '' ? 0 : shown.split('.').length - url.publicSuffix.split('.').length;
    const labels = suffix > 0 ? shown.split('.').slice(0, suffix) : shown.split('.');
    for (const label of labels.reverse()) {
      const found = this.inLabel(label, url) ?? this.nearLabel(label, url);
      if (found) return found;
    }
    return null;
  }

  /** A name, or what looks like it, within a label; hyphens may part it. */
  private inLabel(label: string, url: CanonicalUrl): OwnBrandImitation | null {
    const form = skeleton(label);
    const joined = form.replaceAll('-', '');
    let found: { spelling: Spelling; part: string } | null = null;
    const take =
      (text: string) =>
      (word: number, from: number, to: number): void => {
        const spelling = this.spellings[word];
        const stands = text === form ? standsAlone(form, from, to) : to - from === joined.length;
        if (!stands && spelling.name.length < shortestInside && !asksBeside(text, from, to)) return;
        if (!found || spelling.name.length > found.spelling.name.length)
          found = { spelling, part: text.slice(from, to) };
      };
    this.matcher.find(form, take(form));
    if (joined !== form) this.matcher.find(joined, take(joined));
    if (found === null) return null;
    const { spelling, part } = found as { spelling: Spelling; part: string };
    const isWritten = label.replaceAll('-', '').includes(spelling.name);
    const written = isWritten ? spelling.name : label;
    const text = isWritten
      ? `the host has the name of your brand ${spelling.brand.name} (${part})`
      : `${label} looks like ${spelling.name}, the name of your brand ${spelling.brand.name}`;
    const deceives = !isWritten || spelling.brand.domains.some((domain) => url.subdomain.includes(domain));
    return imitation(spelling, written, text, deceives || asks(url, spelling));
  }

  /** A name that is missed by a letter or two. */
  private nearLabel(label: string, url: CanonicalUrl): OwnBrandImitation | null {
    const latin = toLatin(label);
    for (const part of latin.includes('-') ? [latin.replaceAll('-', ''), ...latin.split('-', 6)] : [latin]) {
      for (const spelling of this.spellings) {
        const { name, brand } = spelling;
        if (name.length < shortestMisspelt) continue;
        const limit = name.length >= longName ? 2 : 1;
        if (part === name || editDistance(part, name, limit) > limit) continue;
        const text = `${part} is a letter or two away from ${name}, the name of your brand ${brand.name}`;
        return imitation(spelling, part, text, asks(url, spelling, part));
      }
    }
    return null;
  }

  private inUserinfo({ userinfo }: CanonicalUrl): OwnBrandImitation | null {
    if (userinfo === null) return null;
    const found = this.whole(userinfo.toLowerCase());
    return (
      found &&
      imitation(found, found.name, `the name of your brand ${found.brand.name} stands before the @`, true)
    );
  }

  /** A page about a brand is none of its imitations, unless it asks to sign in. */
  private inTail(url: CanonicalUrl): OwnBrandImitation | null {
    const found = url.tail === '' ? null : this.whole(url.tail);
    // Who signs in elsewhere is often sent back to one's own pages.
    const leadsHome = found?.brand.domains.some((domain) => url.tail.includes(domain)) ?? false;
    if (found === null || leadsHome || !asks(url, found)) return null;
    const text = `path or query have the name of your brand ${found.brand.name} and words of trust`;
    return imitation(found, found.name, text, false);
  }

  private whole(text: string): Spelling | null {
    let found: Spelling | null = null;
    this.matcher.find(text, (word, from, to) => {
      const spelling = this.spellings[word];
      if (spelling.name.length >= shortestInside && standsAlone(text, from, to)) found ??= spelling;
    });
    return found;
  }
}

function imitation({ brand }: Spelling, part: string, how: string, isLure: boolean): OwnBrandImitation {
  const shown = brand.domains.slice(0, 3).join(', ') + (brand.domains.length > 3 ? ', …' : '');
  return { brand, part, text: `${how}, which is at home at ${shown}`, isLure };
}

function firstLabel(domain: string): string {
  const label = domain.slice(0, domain.indexOf('.'));
  return label.startsWith('xn--') ? domainToUnicode(label) || label : label;
}

/** Lower-case letters and digits of the Latin alphabet. */
function plain(text: string): string {
  return toLatin(text.toLowerCase()).replace(/[^a-z0-9]/g, '');
}

/** With the letters that the matcher reads as one. */
function merged(form: string): string {
  return [...form].map((char) => mergedLetters[char] ?? char).join('');
}

/** Whether anything beside the name asks for trust or haste: a bank's name has such a word in it. */
function asks({ tail, bareHost }: CanonicalUrl, { name }: Spelling, part = name): boolean {
  return [bareHost, tail].some((text) => wordUse(text.replaceAll('-', '').replaceAll(part, ' ')).places > 0);
}

function asksBeside(text: string, from: number, to: number): boolean {
  return wordUse(text.slice(0, from)).places + wordUse(text.slice(to)).places > 0;
}

function standsAlone(text: string, from: number, to: number): boolean {
  return !/[\p{L}\p{N}]/u.test(text.charAt(from - 1)) && !/[\p{L}\p{N}]/u.test(text.charAt(to));
}
