import { registeredLabel } from './brand-imitation.js';
import type { CanonicalUrl } from './canonical-url.js';
import {
  countIdentifiers,
  type Identifiers,
  maskIdentifiers,
  type Masked,
  noIdentifiers,
} from './identifiers.js';
import { readEscapes, readName } from './read-text.js';

/**
 * The parts of an address as a person reads them, in lower case: international names and escaped text decoded, accents
 * left out, identifiers as one mark each. All that is counted or compared of an address's spelling is counted of these.
 */
export interface Reading {
  /** Without `www.`. */
  readonly host: string;
  /** The end of the host that its registrant controls. */
  readonly domain: string;
  readonly subdomain: string;
  /** The registered domain without its suffix. */
  readonly label: string;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
  /** Path, `?query` and `#fragment`. */
  readonly tail: string;
  readonly userinfo: string | null;
  /** Escapes after the host that are no text. */
  readonly escapes: number;
  /** In the labels below the registered domain. */
  readonly subdomainIdentifiers: number;
  /** In the label that a company gave to one of its customers. */
  readonly tenantIdentifiers: number;
  readonly pathIdentifiers: Identifiers;
  readonly queryIdentifiers: Identifiers;
}

export function readingOf(url: CanonicalUrl): Reading {
  const host = readHost(url);
  const tail = readTail(url);
  return {
    host: host.host,
    domain: host.domain,
    subdomain: host.subdomain,
    label: host.label,
    subdomainIdentifiers: host.subdomainIdentifiers,
    tenantIdentifiers: host.tenantIdentifiers,
    path: tail.path,
    query: tail.query,
    fragment: tail.fragment,
    tail: tail.tail,
    escapes: tail.escapes,
    pathIdentifiers: tail.pathIdentifiers,
    queryIdentifiers: tail.queryIdentifiers,
    userinfo: url.userinfo === null ? null : readEscapes(url.userinfo.toLowerCase()),
  };
}

type HostReading = Pick<
  Reading,
  'host' | 'domain' | 'subdomain' | 'label' | 'subdomainIdentifiers' | 'tenantIdentifiers'
>;

/** A label that a registrant chose is read letter by letter; labels below it and those of tenants' may be a machine's. */
function readHost(url: CanonicalUrl): HostReading {
  const { bareHost, registeredDomain, publicSuffix, subdomain, privateSuffix } = url;
  const isPlain = !bareHost.includes('xn--');
  const isWhole = registeredLabel(url) === registeredDomain;
  const label = readName(registeredLabel(url));
  const below = maskIdentifiers(readName(subdomain));
  const own = privateSuffix ? maskIdentifiers(label) : { text: label, identifiers: noIdentifiers };
  const subdomainIdentifiers = countIdentifiers(below.identifiers);
  const tenantIdentifiers = countIdentifiers(own.identifiers);
  const counts = { subdomainIdentifiers, tenantIdentifiers };
  if (isPlain && subdomainIdentifiers + tenantIdentifiers === 0) {
    return { host: bareHost, domain: registeredDomain, subdomain, label, ...counts };
  }
  const domain = isWhole ? own.text : `${own.text}.${readName(publicSuffix)}`;
  const host = subdomain === '' ? domain : `${below.text}.${domain}`;
  return { host, domain, subdomain: below.text, label: own.text, ...counts };
}

type TailReading = Pick<
  Reading,
  'path' | 'query' | 'fragment' | 'tail' | 'escapes' | 'pathIdentifiers' | 'queryIdentifiers'
>;

function readTail({ tail, path, query, fragment }: CanonicalUrl): TailReading {
  const queryStart = path.length + (query === '' ? 0 : 1);
  const readPath = readPart(tail.slice(0, path.length));
  const readQuery = readPart(tail.slice(queryStart, queryStart + query.length));
  const readFragment = readPart(tail.slice(tail.length - fragment.length));
  const read =
    readPath.text +
    (query === '' ? '' : `?${readQuery.text}`) +
    (fragment === '' ? '' : `#${readFragment.text}`);
  return {
    path: readPath.text,
    query: readQuery.text,
    fragment: readFragment.text,
    tail: read === tail ? tail : read,
    escapes: tail.includes('%') ? countEscapes(read) : 0,
    pathIdentifiers: readPath.identifiers,
    queryIdentifiers: readQuery.identifiers,
  };
}

const nothing: Masked = { text: '', identifiers: noIdentifiers };

function readPart(text: string): Masked {
  return text === '' ? nothing : maskIdentifiers(readEscapes(text));
}

function countEscapes(text: string): number {
  let found = 0;
  for (let at = text.indexOf('%'); at >= 0; at = text.indexOf('%', at + 1)) found++;
  return found;
}
