import { parse } from 'tldts';
import { refang, unescapeAmpersands, unwrap } from './defang.js';
import { canonicalHost, type HostKind } from './host-name.js';
import {
  fragmentComponent,
  isDoubleEncoded,
  longestUrl,
  normalizePercent,
  pathComponent,
  queryComponent,
  userinfoComponent,
} from './percent.js';

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
  readonly hidden: Hidden;
}

export interface UrlFault {
  readonly message: string;
}

/** Schemes whose addresses name a host and are read the same way; a colon and any slashes follow. */
const webSchemes = new Set(['http', 'https', 'ftp', 'ws', 'wss']);

/** Schemes that name no host to score, with what they do instead. */
const otherSchemes: Readonly<Record<string, string>> = {
  javascript: 'runs a script',
  vbscript: 'runs a script',
  data: 'carries its own content',
  blob: 'names an object in a browser',
  about: 'names a page of the browser',
  mailto: 'names a mailbox',
  tel: 'names a telephone',
  sms: 'names a telephone',
  file: 'names a file on the machine itself',
  urn: 'names a thing but no place',
  magnet: 'names a file but no host',
  'view-source': 'names a page of the browser',
};

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
  const { scheme, rest, fault } = splitScheme(unescapeAmpersands(refang(visible)));
  if (fault !== undefined) return { message: fault };
  return assemble(scheme, rest, visible !== unwrapped);
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

interface SchemeSplit {
  readonly scheme: string | null;
  /** From the authority on. */
  readonly rest: string;
  readonly fault?: string;
}

function splitScheme(text: string): SchemeSplit {
  const name = /^[a-z][a-z0-9+.-]{0,30}(?=\s?:)/i.exec(text)?.[0].toLowerCase();
  const colon = name === undefined ? -1 : text.indexOf(':', name.length);
  if (name !== undefined && webSchemes.has(name)) {
    return { scheme: name, rest: text.slice(slashesEnd(text, colon + 1)) };
  }
  if (name !== undefined && Object.hasOwn(otherSchemes, name)) {
    return { scheme: name, rest: '', fault: `${name}: ${otherSchemes[name]}; it is no address of a page` };
  }
  if (name !== undefined && slashesEnd(text, colon + 1) >= colon + 3) {
    return { scheme: name, rest: '', fault: `${name}: is no scheme of the web` };
  }
  const start = slashesEnd(text, 0);
  if (start === 1) return { scheme: null, rest: '', fault: 'the address begins with a path and has no host' };
  return { scheme: null, rest: text.slice(start) };
}

function slashesEnd(text: string, from: number): number {
  let end = from;
  while (end < text.length && isSlash(text.charCodeAt(end))) end++;
  return end;
}

function isSlash(code: number): boolean {
  return code === 0x2f || code === 0x5c;
}

function assemble(scheme: string | null, rest: string, hadLineEnds: boolean): CanonicalUrl | UrlFault {
  const authorityEnd = findAuthorityEnd(rest);
  const authority = splitAuthority(rest.slice(0, authorityEnd));
  if ('message' in authority) return authority;
  const host = canonicalHost(authority.host);
  if ('message' in host) return host;
  const { path, query, fragment, backslash } = splitTail(rest, authorityEnd);
  const domain = splitDomain(host.ascii, host.kind);
  const userinfo =
    authority.userinfo === null ? null : normalizePercent(authority.userinfo, userinfoComponent);
  const port = authority.port === 80 || authority.port === 443 ? null : authority.port;
  const tail = path + (query === '' ? '' : `?${query}`) + (fragment === '' ? '' : `#${fragment}`);
  const body = domain.bareHost + (port === null ? '' : `:${port}`) + tail;
  const isAmbiguous = port !== null && host.kind === 'name' && !domain.bareHost.includes('.');
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
    hidden: {
      invisible: hadLineEnds || hasInvisible(rest),
      backslash,
      doubleEncoded: rest.includes('%') && isDoubleEncoded(rest),
      encodedHost: authority.host.includes('%'),
      obfuscatedIp: isAddress && host.kind === 'ipv4' && authority.host !== host.ascii,
    },
  };
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
  const hostPort = text.slice(at + 1).trim();
  const colon = portColon(hostPort);
  const host = colon < 0 ? hostPort : hostPort.slice(0, colon);
  const written = colon < 0 ? '' : hostPort.slice(colon + 1);
  if (host === '') return { message: 'the address has no host' };
  if (!/^[0-9]{0,9}$/.test(written) || Number(written) > 65535) {
    return { message: `the port ${JSON.stringify(written.slice(0, 20))} is not a number up to 65535` };
  }
  return { userinfo, host, port: written === '' ? null : Number(written) };
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
  return {
    path: dropSlashes(path.includes('/.') ? resolveDots(path) : path),
    query: dropSlashes(normalizePercent(rest.slice(pathEnd + 1, queryEnd), queryComponent)),
    fragment: dropSlashes(normalizePercent(rest.slice(queryEnd + 1), fragmentComponent)),
    backslash,
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

/** Control characters, and characters of no width, which international names leave out. */
function hasInvisible(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || (code >= 0x7f && code < 0xa0) || code === 0xad) return true;
    if ((code >= 0x200b && code <= 0x200f) || (code >= 0x2060 && code <= 0x2064) || code === 0xfeff)
      return true;
  }
  return false;
}
