import type { CanonicalUrl } from '../detector/url/canonical-url.js';
import { type ListEntry, type MatchKind, matchKinds } from './list-entry.schema.js';

/** The live entries of both lists, ready to be compared with addresses. */
export class ListMatcher {
  /** By match and value. */
  private readonly entries = new Map<string, ListEntry>();
  private readonly counts: Record<MatchKind, number> = { url: 0, host: 0, domain: 0, suffix: 0 };

  get size(): number {
    return this.entries.size;
  }

  /** Takes in an entry as it now stands: new, changed or removed. */
  put(entry: ListEntry): void {
    const key = keyOf(entry.match, entry.value);
    if (this.entries.delete(key)) this.counts[entry.match]--;
    if (entry.removedAt) return;
    this.entries.set(key, entry);
    this.counts[entry.match]++;
  }

  /**
   * The entry that decides on an address; null where none does. The most particular one wins: the whole address,
   * then its host, its registered domain, the longest suffix. What was parsed out of the address counts, never its
   * text: `example.com.evil.test` and `example.com@evil.test` belong to `evil.test`.
   * @param chain the address, then what it leads to, link by link: one that is denied denies the whole, and only what the
   *   chain leads to in the end may allow it
   */
  find(chain: readonly CanonicalUrl[], now: Date): ListEntry | null {
    if (this.entries.size === 0 || chain.length === 0) return null;
    const found = chain.map((url) => this.findOne(url, now));
    return found.find((entry) => entry?.list === 'deny') ?? found[found.length - 1];
  }

  private findOne(url: CanonicalUrl, now: Date): ListEntry | null {
    for (const match of matchKinds) {
      if (this.counts[match] === 0) continue;
      for (const value of valuesOf(match, url)) {
        const entry = this.entries.get(keyOf(match, value));
        if (entry && (entry.expiresAt === null || entry.expiresAt > now)) return entry;
      }
    }
    return null;
  }
}

function keyOf(match: MatchKind, value: string): string {
  return `${match} ${value}`;
}

function valuesOf(match: MatchKind, { text, bareHost, registeredDomain, hostKind }: CanonicalUrl): string[] {
  if (match === 'url') return [text];
  if (match === 'host') return [bareHost];
  if (match === 'domain') return [registeredDomain];
  if (hostKind !== 'name') return [];
  const labels = bareHost.split('.');
  return labels.map((_, i) => labels.slice(i).join('.'));
}
