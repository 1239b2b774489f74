import { parse } from 'tldts';
import { decodeReferences } from './character-references.js';
import { dropLoose, refang, unwrap } from './defang.js';
import { canonicalHost, type HostKind } from './host-name.js';
import { canonicalIpv6 } from './ip-host.js';
import {
  fragmentComponent,
  isDoubleEncoded,
  longestUrl,
  normalizePercent,
  pathComponent,
  queryComponent,
  userinfoComponent,
} from './percent.js';
import { isSlash, splitScheme } from './scheme.js';

/** What an address was written with that hides where it leads. */
export interface Hidden {
  /** Characters that no reader sees: control and zero-width characters, tabs and line ends within. */
  readonly invisible: boolean;
  /** `\` where `/` is meant. */
  readonly backslash: boolean;
  /** Escapes of escapes (`%2541`). */
  readonly doubleEncoded: boolean;
  /** Escapes within the host. */
  readonly encodedHost: boolean;
  /** An IP address in another form than dotted decimal or a plain IPv6 address. */
  readonly obfuscatedIp: boolean;
}

/** A URL in one spelling and in its parts. Nothing was resolved or fetched. */
export interface CanonicalUrl {
  /**
   * The record's identity, and itself canonical: what all spellings that lead to one place have in common. Host, port
   * and all after it, in their own case; no scheme, `www.`, default port or slash at the end. It begins with `//`
   * where it would otherwise be read as something else.
   */
  readonly text: string;
  /** As it was written, null where it was left out. Sources differ in it by habit: no feature may look at it. */
  readonly scheme: string | null;
  readonly host: string;
  /** The host without `www.`: what features see. */
  readonly bareHost: string;
  readonly hostUnicode: string;
  readonly hostKind: HostKind;
  /** The host before any of its spelling was undone, for sentences. */
  readonly writtenHost: string;
  /**
   * What one registrant controls by the public suffix list, its private part included: `alice.github.io`, not
   * `github.io`. The host itself for addresses and names without one.
   */
  readonly registeredDomain: string;
  /** What stands before the registered domain, without `www.` and without its dot. */
  readonly subdomain: string;
  /** Empty for addresses. */
  readonly publicSuffix: string;
  /** The suffix belongs to a company that hands out names below it, as `github.io`. */
  readonly privateSuffix: boolean;
  /** null for the ports of http and https. */
  readonly port: number | null;
  /** What stands before an `@` in front of the host; null without one. */
  readonly userinfo: string | null;
  /** Empty, or from its first `/` on, without a `/` at its end; dots resolved. */
  readonly path: string;
  /** Without its `?`. */
  readonly query: string;
  /** Without its `#`. */
  readonly fragment: string;
  /** Path, `?query` and `#fragment` in lower case: what features see of them. */
  readonly tail: string;
  /** Path, query and fragment as they were written, their escapes too: what a wrapper's target is read from. */
  readonly writtenTail: string;
  readonly hidden: Hidden;
}

export interface UrlFault {
  readonly message: string;
}

const suffixOptions = {
  allowPrivateDomains: true,
  extractHostname: false,
  validateHostname: false,
  mixedInputs: false,
  detectIp: false,
};

/**
 * Reads any text as the address of something on the web: with or without a scheme, defanged, quoted, with the host in
 * whatever form a browser would take (WHATWG URL), and more lenient than a browser where it is clear what is meant.
 * @returns the address, or why the text is none
 */
export function parseUrl(text: string): CanonicalUrl | UrlFault {
  if (text.length > longestUrl) return { message: `the address is longer than ${longestUrl} characters` };
  const unwrapped = unwrap(text);
  if (unwrapped === '') return { message: 'the address is empty' };
  const visible = dropLineEnds(unwrapped);
  const live = unescapeSlashes(refang(decodeReferences(visible)));
  const hadInvisible = visible !== unwrapped || turning.test(text);
  if (isBareIpv6(live)) return assemble(null, live, hadInvisible);
  if (isNetwork(live)) {
    return { message: 'is a network and no address: name one of its hosts, or put it on a list' };
  }
  const { scheme, rest, fault } = splitScheme(live);
  if (fault !== undefined) return { message: fault };
  if (rest === live && isMailbox(live)) return { message: 'is a mail address and no address of a page' };
  return assemble(scheme, rest, hadInvisible);
}

/** An address that has been checked before. @throws RangeError when it cannot be read after all */
export function readAddress(text: string): CanonicalUrl {
  const url = parseUrl(text);
  if (isUrlFault(url)) throw new RangeError(`${JSON.stringify(text)} cannot be read: ${url.message}`);
  return url;
}

export function isUrlFault(url: CanonicalUrl | UrlFault): url is UrlFault {
  return 'message' in url;
}

/** Browsers leave out tabs and line ends wherever they stand. */
function dropLineEnds(text: string): string {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 9 || code === 10 || code === 13) return text.replace(/[\t\n\r]+/g, '');
  }
  return text;
}

/** JSON may write `\/` for every `/`. */
function unescapeSlashes(text: string): string {
  return text.includes(':\\/\\/') ? text.replaceAll('\\/', '/') : text;
}

/** An IPv6 address outside of brackets and without a port. */
function isBareIpv6(text: string): boolean {
  return /^[0-9a-f]{0,4}:[0-9a-f.:]*(?:%[a-z0-9_.-]+)?$/i.test(text) && canonicalIpv6(text) !== null;
}

/** In characters: an IPv6 address and the length of its beginning. */
const longestNetwork = 45;

/** All addresses that begin alike: `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, `2001:db8::/32`. */
function isNetwork(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  const slash = last >= 0x30 && last <= 0x39 ? text.indexOf('/') : -1;
  if (slash < 1 || text.length > longestNetwork || !/^\/\d{1,3}(?:\.\d{1,3}){0,3}$/.test(text.slice(slash)))
    return false;
  const host = text.slice(0, slash);
  return /^\d{1,3}(?:\.\d{1,3}){0,3}$/.test(host) || isBareIpv6(host);
}

/** Someone's name and a host, and nothing that would make an address of a page of it. */
function isMailbox(text: string): boolean {
  return text.includes('@') && /^[^\s@/\\?#:[\]]+@[^\s@/\\?#:[\]]+$/.test(text);
}

/** Characters that make a reader see the text in another order than the machine. */
const turning = /[\u202b\u202d\u202e\u2067]/;

/** Single words that stand where a host should only by mistake. */
const schemeNames: ReadonlySet<string> = new Set(['http', 'https', 'hxxp', 'hxxps']);

function assemble(scheme: string | null, rest: string, hadLineEnds: boolean): CanonicalUrl | UrlFault {
  const authorityEnd = findAuthorityEnd(rest);
  if (rest[authorityEnd - 1] === ':' && /^[\\/]{2}/.test(rest.slice(authorityEnd, authorityEnd + 2))) {
    return { message: 'another scheme stands where the host should' };
  }
  const authority = splitAuthority(rest.slice(0, authorityEnd));
  if ('message' in authority) return authority;
  const host = canonicalHost(authority.host);
  if ('message' in host) return host;
  if (schemeNames.has(host.ascii)) return { message: `${host.ascii} is a scheme and no host` };
  const { path, query, fragment, backslash } = splitTail(rest, authorityEnd);
  const domain = splitDomain(host.ascii, host.kind);
  const userinfo =
    authority.userinfo === null ? null : normalizePercent(authority.userinfo, userinfoComponent);
  const port = authority.port === 80 || authority.port === 443 ? null : authority.port;
  const tail = path + (query === '' ? '' : `?${query}`) + (fragment === '' ? '' : `#${fragment}`);
  const body = domain.bareHost + (port === null ? '' : `:${port}`) + tail;
  const isAmbiguous = isReadOtherwise(domain.bareHost, port, tail);
  const text = userinfo !== null ? `//${userinfo}@${body}` : isAmbiguous ? `//${body}` : body;
  if (text.length > longestUrl) {
    return { message: `the address is longer than ${longestUrl} characters once it is escaped` };
  }
  const isAddress = host.kind !== 'name';
  return {
    text,
    scheme,
    host: host.ascii,
    bareHost: domain.bareHost,
    hostUnicode: host.unicode,
    hostKind: host.kind,
    writtenHost: authority.host,
    registeredDomain: domain.registeredDomain,
    subdomain: domain.subdomain,
    publicSuffix: domain.publicSuffix,
    privateSuffix: domain.privateSuffix,
    port,
    userinfo,
    path,
    query,
    fragment,
    tail: tail.toLowerCase(),
    writtenTail: rest.slice(authorityEnd),
    hidden: {
      invisible: hadLineEnds || hasInvisible(rest),
      backslash,
      doubleEncoded: rest.includes('%') && isDoubleEncoded(rest),
      encodedHost: authority.host.includes('%') && !authority.host.startsWith('['),
      obfuscatedIp: isAddress && host.kind === 'ipv4' && authority.host !== host.ascii,
    },
  };
}

/** Whether a text that begins with this host would be taken for a scheme or a network. */
function isReadOtherwise(host: string, port: number | null, tail: string): boolean {
  if (port !== null) return !host.includes('.') && !host.startsWith('[');
  return tail !== '' && isNetwork(host + tail);
}

/** Where the authority ends: at the first `/`, `\`, `?` or `#`. */
function findAuthorityEnd(rest: string): number {
  for (let i = 0; i < rest.length; i++) {
    const code = rest.charCodeAt(i);
    if (isSlash(code) || code === 0x3f || code === 0x23) return i;
  }
  return rest.length;
}

interface Authority {
  readonly userinfo: string | null;
  readonly host: string;
  readonly port: number | null;
}

function splitAuthority(text: string): Authority | UrlFault {
  const at = text.lastIndexOf('@');
  const userinfo = at < 0 ? null : text.slice(0, at);
  const written = text.slice(at + 1).trim();
  const hostPort = isBareIpv6(written) ? `[${written}]` : written;
  const colon = portColon(hostPort);
  const host = colon < 0 ? hostPort : hostPort.slice(0, colon);
  const port = colon < 0 ? '' : hostPort.slice(colon + 1);
  if (host === '') return { message: 'the address has no host' };
  if (!/^[0-9]{0,9}$/.test(port) || Number(port) > 65535) {
    return { message: `the port ${JSON.stringify(port.slice(0, 20))} is not a number up to 65535` };
  }
  return { userinfo, host, port: port === '' ? null : Number(port) };
}

/** Where the port's colon stands; those within the brackets of an IPv6 address are none. */
function portColon(hostPort: string): number {
  if (!hostPort.startsWith('[')) return hostPort.indexOf(':');
  const close = hostPort.indexOf(']');
  return close < 0 ? -1 : hostPort.indexOf(':', close);
}

interface Tail {
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
  readonly backslash: boolean;
}

function splitTail(rest: string, from: number): Tail {
  const hash = rest.indexOf('#', from);
  const queryEnd = hash < 0 ? rest.length : hash;
  const mark = rest.indexOf('?', from);
  const pathEnd = mark < 0 || mark > queryEnd ? queryEnd : mark;
  const rawPath = rest.slice(from, pathEnd);
  const backslash = rawPath.includes('\\');
  const slashed = backslash ? rawPath.replaceAll('\\', '/') : rawPath;
  const path = normalizePercent(slashed, pathComponent);
  const query = normalizePercent(rest.slice(pathEnd + 1, queryEnd), queryComponent);
  const fragment = normalizePercent(rest.slice(queryEnd + 1), fragmentComponent);
  return { ...dropEnds(path.includes('/.') ? resolveDots(path) : path, query, fragment), backslash };
}

/** Leaves out slashes at the end of each part, and the marks of a sentence at the end of the last one. */
function dropEnds(path: string, query: string, fragment: string): Omit<Tail, 'backslash'> {
  const lastFragment = dropLoose(fragment);
  const lastQuery = lastFragment === '' ? dropLoose(query) : dropSlashes(query);
  const isPathLast = lastFragment === '' && lastQuery === '';
  return {
    path: isPathLast ? dropLoose(path) : dropSlashes(path),
    query: lastQuery,
    fragment: lastFragment,
  };
}

/** Takes `.` and `..` out of a path as WHATWG URL does: a `..` at the root stays there. */
function resolveDots(path: string): string {
  const kept: string[] = [];
  for (const segment of path.slice(1).split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '.') kept.push(segment);
  }
  return kept.length === 0 ? '' : `/${kept.join('/')}`;
}

function dropSlashes(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0x2f) end--;
  return end === text.length ? text : text.slice(0, end);
}

interface DomainParts {
  readonly bareHost: string;
  readonly registeredDomain: string;
  readonly subdomain: string;
  readonly publicSuffix: string;
  readonly privateSuffix: boolean;
}

function splitDomain(host: string, kind: HostKind): DomainParts {
  if (kind !== 'name') {
    return { bareHost: host, registeredDomain: host, subdomain: '', publicSuffix: '', privateSuffix: false };
  }
  const { domain, publicSuffix, isPrivate } = parse(host, suffixOptions);
  const registeredDomain = domain ?? host;
  let start = 0;
  while (host.startsWith('www.', start) && host.length - start - 4 >= registeredDomain.length) start += 4;
  const bareHost = start === 0 ? host : host.slice(start);
  return {
    bareHost,
    registeredDomain,
    subdomain: bareHost.slice(0, Math.max(0, bareHost.length - registeredDomain.length - 1)),
    publicSuffix: publicSuffix ?? '',
    privateSuffix: isPrivate === true,
  };
}

/** Control characters, and characters of no width or that turn the text around. */
function hasInvisible(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || (code >= 0x7f && code < 0xa0) || code === 0xad) return true;
    if ((code >= 0x200b && code <= 0x200f) || (code >= 0x202a && code <= 0x202e)) return true;
    if ((code >= 0x2060 && code <= 0x2069) || code === 0xfeff) return true;
  }
  return false;
}
