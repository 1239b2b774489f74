import { parse } from 'tldts';
import { readUrlItem, UrlItem } from './url/url-item.js';

/**
 * The part of a URL's or host's name that someone registered by the public suffix list, in lower case: what groups
 * rows by who is behind them. Hosts without one stand for themselves: addresses, `localhost`, a bare suffix. What
 * hosting companies hand out below their own domain (`alice.github.io`) counts as theirs: such groups come out
 * large, and no domain can stand on two sides of a split. A wrapper's address counts as what it leads to.
 * @returns null where the text is neither a URL nor a host
 */
export function registeredDomain(text: string): string | null {
  const item = readUrlItem(text);
  if (!(item instanceof UrlItem) || item.url.host === '') return null;
  return parse(item.url.host).domain ?? item.url.host;
}
