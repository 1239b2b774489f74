import { type CanonicalUrl, isUrlFault, parseUrl } from './canonical-url.js';
import { hostingKind } from './hosting.js';
import { isSameOwner } from './owners.js';
import { longestRedirectName, redirectNames } from './redirect-names.js';
import { decodeBase64, decodeParameter, parametersOf, queryOf } from './wrapper-targets.js';
import { unwrapLink } from './wrappers.js';

/** One of the addresses that an address leads through. */
export interface Link {
  readonly url: CanonicalUrl;
  /** How it leads on to the next link, as a noun; null where it is not known to lead anywhere. */
  readonly through: string | null;
}

/** What an address leads through, as far as it stands in the address itself. Nothing is opened. */
export interface Chain {
  /** From the address itself to the innermost target. */
  readonly links: readonly Link[];
  /**
   * What is scored: the address, or where it is a wrapper's its target. Parameters that lead back to the page's own
   * owner are left out of it.
   */
  readonly page: CanonicalUrl;
  /** The page's place among the links: how many wrappers lead to it. */
  readonly depth: number;
  /** Whether the address leads on further than is followed. */
  readonly isCut: boolean;
  /** Where that page sends visitors on to, without the page's owner being theirs; each is scored as well. */
  readonly onward: readonly CanonicalUrl[];
  /** The service that alone knows where the page leads; null where it is an ordinary page. */
  readonly opaque: string | null;
}

/** Links of a chain, with the address itself. */
const longestChain = 6;

/** Follows what an address carries: wrappers within wrappers, then the addresses that a page's parameters lead to. */
export function chainOf(url: CanonicalUrl): Chain {
  const links: Link[] = [];
  const onward: CanonicalUrl[] = [];
  let page = url;
  let depth = 0;
  let isCut = false;
  let opaque: string | null = null;
  for (let current: CanonicalUrl | null = url, isWrapped = true; current !== null;) {
    const unwrapped = unwrapLink(current);
    const target: CanonicalUrl | null =
      unwrapped?.target == null ? null : readTarget(unwrapped.target, current);
    if (target !== null && links.length < longestChain - 1) {
      links.push({ url: current, through: unwrapped!.name });
      current = target;
      continue;
    }
    const { page: own, next, through }: Onward = onwardOf(current);
    if (isWrapped) {
      page = own;
      depth = links.length;
      isCut = target !== null;
      opaque = unwrapped?.target === null ? unwrapped.name : null;
    } else {
      onward.push(own);
    }
    isWrapped = false;
    const isLast: boolean = next === null || links.length >= longestChain - 1;
    links.push({ url: current, through: isLast ? null : through });
    current = isLast ? null : next;
  }
  return { links, page, depth, isCut, onward, opaque };
}

interface Onward {
  readonly page: CanonicalUrl;
  readonly next: CanonicalUrl | null;
  readonly through: string | null;
}

/** What a page's parameters and path lead on to: the first stranger's address; those of its own owner are taken out. */
function onwardOf(page: CanonicalUrl): Onward {
  const embedded = addressInPath(page);
  if (!mayCarry(page.query)) return { page, next: embedded, through: embedded && 'its path' };
  let next: CanonicalUrl | null = null;
  let through: string | null = null;
  const own = new Set<number>();
  parametersOf(queryOf(page.writtenTail)).forEach(({ name, value }, i) => {
    const target = addressInValue(value, page);
    if (target === null) return;
    if (isOwnersPage(page, target)) own.add(i);
    else if (next === null && isRedirectName(name)) {
      next = target;
      through = `the parameter ${name}`;
    }
  });
  return {
    page: own.size === 0 ? page : withoutParameters(page, own),
    next: next ?? embedded,
    through: through ?? (embedded && 'its path'),
  };
}

/** Whether a target is the page's owner's too, and none of whoever puts documents or sites there. */
function isOwnersPage(page: CanonicalUrl, target: CanonicalUrl): boolean {
  if (!isSameOwner(page.registeredDomain, target.registeredDomain)) return false;
  return page.host === target.host || (!target.privateSuffix && hostingKind(target.bareHost) === 'own');
}

/** Whether a query, its escapes undone, may hold an address: most hold none. */
function mayCarry(query: string): boolean {
  return query.includes('//') || query.includes('aHR0c') || query.includes('=www.') || query.includes('%5C');
}

function isRedirectName(name: string): boolean {
  return name.length <= longestRedirectName && redirectNames.has(name);
}

/** The address that a value is, in words or in base64; null where it is none, or no other page's than this one. */
function addressInValue(value: string, page: CanonicalUrl): CanonicalUrl | null {
  const text = decodeParameter(value);
  if (text.startsWith('aHR0c')) return readTarget(decodeBase64(text) ?? '', page);
  if (!/^(?:https?:|[\\/]{2}[^\\/]|www\.)/i.test(text)) return null;
  return readTarget(text.replace(/^[\\/]{2}/, '//'), page);
}

/** An address that stands at the end of a path as it is: `/out/https://example.com/`. */
function addressInPath(page: CanonicalUrl): CanonicalUrl | null {
  if (!page.path.includes(':/')) return null;
  const at = /\/(?=https?:\/)/i.exec(page.writtenTail)?.index;
  const target = at === undefined ? null : readTarget(page.writtenTail.slice(at + 1), page);
  return target && isOwnersPage(page, target) ? null : target;
}

/** Null where the text is no address with a name or a number that could be another page's. */
function readTarget(text: string, from: CanonicalUrl): CanonicalUrl | null {
  if (text === '') return null;
  const url = parseUrl(text);
  if (isUrlFault(url) || url.text === from.text) return null;
  const isHost =
    url.hostKind !== 'name' ||
    url.scheme !== null ||
    (url.bareHost.includes('.') && /[a-z]/.test(url.publicSuffix));
  return isHost ? url : null;
}

/** The same page without some of its parameters, which are counted from 0. */
function withoutParameters(page: CanonicalUrl, places: ReadonlySet<number>): CanonicalUrl {
  const query = page.query
    .split('&')
    .filter((_, i) => !places.has(i))
    .join('&');
  const { path, fragment } = page;
  const tail = path + (query === '' ? '' : `?${query}`) + (fragment === '' ? '' : `#${fragment}`);
  return { ...page, query, tail: tail.toLowerCase() };
}
