import type { CanonicalUrl } from './canonical-url.js';
import { isNationalSuffix } from './suffixes.js';
import { targetText, type Way } from './wrapper-targets.js';
import { readWordList } from './word-list.js';

/** A service whose addresses lead to another one, which stands in them or which only the service knows. */
interface Wrapper {
  readonly name: string;
  /** What path, query and fragment begin with; null where all of the service's addresses do. */
  readonly beginning: RegExp | null;
  readonly way: Way | 'below' | 'hyphens';
  readonly argument: string;
}

/** What an address of such a service leads to. */
export interface Unwrapped {
  /** The service's name. */
  readonly name: string;
  /** The target, as it stands there; null where only the service knows it. */
  readonly target: string | null;
}

const entry =
  /^[a-z0-9.-]+(\.\*)?(\/\S*)? (query|path|segment|runs|below|hyphens|opaque|(param|base64|json|cache|after|until|dashes):\S+) \S.*$/;

/** By host; `google.*` stands for the domains of one owner in several countries. */
const wrappers = new Map<string, Wrapper[]>();

for (const [place, how, ...name] of readWordList('wrappers.txt', entry)) {
  const slash = place.indexOf('/');
  const host = slash < 0 ? place : place.slice(0, slash);
  const [way, ...argument] = how.split(':');
  const wrapper: Wrapper = {
    name: name.join(' '),
    beginning: slash < 0 ? null : beginningOf(place.slice(slash)),
    way: way as Wrapper['way'],
    argument: argument.join(':'),
  };
  wrappers.set(host, [...(wrappers.get(host) ?? []), wrapper]);
}

function beginningOf(path: string): RegExp {
  const pattern = path.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/?#]+');
  return new RegExp(`^${pattern}${/[a-z0-9]$/i.test(path) ? '(?=[/?#;]|$)' : ''}`, 'i');
}

/** What a wrapper's address leads to; null of addresses that are no wrapper's. */
export function unwrapLink(url: CanonicalUrl): Unwrapped | null {
  if (url.hostKind !== 'name') return null;
  let opaque: Unwrapped | null = null;
  for (let host = url.bareHost; ;) {
    for (const wrapper of wrappersOf(host, url)) {
      const unwrapped = unwrapBy(wrapper, url, host);
      if (unwrapped === null) continue;
      if (unwrapped.target !== null) return unwrapped;
      opaque ??= unwrapped;
    }
    const dot = host.indexOf('.');
    if (dot < 0) return opaque;
    host = host.slice(dot + 1);
  }
}

const none: readonly Wrapper[] = [];
const nationals = new Set(
  [...wrappers.keys()].filter((host) => host.endsWith('.*')).map((host) => host.slice(0, -1)),
);

/** @param host the address's, or what ends it */
function wrappersOf(host: string, { publicSuffix }: CanonicalUrl): readonly Wrapper[] {
  const found = wrappers.get(host);
  if (found !== undefined) return found;
  const name = host.slice(0, -publicSuffix.length);
  if (!nationals.has(name) || !(publicSuffix === 'com' || isNationalSuffix(publicSuffix))) return none;
  return wrappers.get(`${name}*`) ?? none;
}

/** Null where the address is not one of those that lead on. */
function unwrapBy(
  { name, beginning, way, argument }: Wrapper,
  url: CanonicalUrl,
  host: string,
): Unwrapped | null {
  const tail = url.writtenTail;
  if (way === 'below' || way === 'hyphens') {
    const front = url.host.slice(0, -host.length - 1);
    return front.includes(way === 'below' ? '.' : '-') ? { name, target: rewritten(way, front, tail) } : null;
  }
  const matched = beginning?.exec(tail)?.[0];
  if (beginning !== null && matched === undefined) return null;
  if (way === 'opaque') return url.tail === '' ? null : { name, target: null };
  const target = targetText(way, argument, tail, matched?.length ?? 1);
  return target === null ? null : { name, target };
}

/** Of a service that writes its own domain behind every host. */
function rewritten(way: 'below' | 'hyphens', front: string, tail: string): string {
  if (way === 'below') return `//${front}${tail}`;
  const host = front.replaceAll('--', '\u0000').replaceAll('-', '.').replaceAll('\u0000', '-');
  return `//${host}${tail.replace(/&?\b_x_tr_[a-z]+=[^&#]*/g, '').replace('?&', '?')}`;
}
