import type { Item } from '../kind.js';
import { type CanonicalUrl, readAddress } from './canonical-url.js';
import { type UrlFacts, urlFacts } from './url-facts.js';

/** An address as it goes through scoring: parsed once, its facts worked out once. */
export class UrlItem implements Item {
  readonly values: readonly [string];
  private known: UrlFacts | undefined;

  constructor(
    /** As it came, without blanks around it. */
    text: string,
    readonly url: CanonicalUrl = readAddress(text),
  ) {
    this.values = [text];
  }

  get facts(): UrlFacts {
    return (this.known ??= urlFacts(this.url));
  }
}
