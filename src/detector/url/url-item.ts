import type { Item, Rule } from '../kind.js';
import { type ActiveContent, readActiveContent } from './active-content.js';
import { type CanonicalUrl, isUrlFault, parseUrl, type UrlFault } from './canonical-url.js';
import { type Chain, chainOf, type Link } from './chain.js';
import { type UrlFacts, urlFacts } from './url-facts.js';
import { ruleOf } from './url-rules.js';

/** An address as it goes through scoring: parsed once, its facts worked out once. */
export class UrlItem implements Item {
  readonly values: readonly [string];
  private readonly chain: Chain;
  private known: UrlFacts | undefined;
  private decided: Rule | null | undefined;

  /** @param text as it came, without blanks around it */
  constructor(text: string, read: CanonicalUrl | ActiveContent) {
    this.values = [text];
    if ('rule' in read) {
      this.chain = { links: [], page: read.url, depth: 0, isCut: false, onward: [], opaque: null };
      this.decided = read.rule;
    } else {
      this.chain = chainOf(read);
    }
  }

  /** What is scored: the address itself, or what a wrapper leads to. */
  get url(): CanonicalUrl {
    return this.chain.page;
  }

  /** From the address itself to the innermost target; none where it leads to no host. */
  get links(): readonly Link[] {
    return this.chain.links;
  }

  get facts(): UrlFacts {
    return (this.known ??= urlFacts(this.url));
  }

  get rule(): Rule | null {
    if (this.decided === undefined) this.decided = ruleOf(this.chain, () => this.facts);
    return this.decided;
  }

  get lead(): string | null {
    const wrappers = this.links.slice(0, this.chain.depth);
    if (wrappers.length === 0) return null;
    return `leads through ${wrappers.map(({ through }) => through).join(' and ')} to ${this.url.text}`;
  }

  /** Where the page sends visitors on to, each as an address of its own. */
  get onward(): readonly UrlItem[] {
    return this.chain.onward.map((url) => new UrlItem(url.text, url));
  }
}

/** @param text without blanks around it */
export function readUrlItem(text: string): UrlItem | UrlFault {
  const active = readActiveContent(text);
  if (active !== null) return new UrlItem(text, active);
  const url = parseUrl(text);
  return isUrlFault(url) ? url : new UrlItem(text, url);
}

/** The item of a text that was one before. @throws RangeError where it is none after all */
export function urlItemOf(text: string): UrlItem {
  const item = readUrlItem(text);
  if (item instanceof UrlItem) return item;
  throw new RangeError(`${JSON.stringify(text)} cannot be read: ${item.message}`);
}
