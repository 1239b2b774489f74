import { domainToASCII, domainToUnicode } from 'node:url';
import { canonicalIpv4, canonicalIpv6, endsInNumber } from './ip-host.js';

export type HostKind = 'name' | 'ipv4' | 'ipv6';

export interface Host {
  /** Lower case and ASCII: `xn--` for international names, dotted decimal for IPv4, in brackets for IPv6. */
  readonly ascii: string;
  /** As a reader sees it: international names decoded. */
  readonly unicode: string;
  readonly kind: HostKind;
}

export interface HostFault {
  readonly message: string;
}

/** A name's limits in the domain name system (RFC 1035, section 2.3.4). */
const longestName = 253;
const longestLabel = 63;

/**
 * One spelling of a host. Empty labels (`example..com`, `example.com.`) are left out: they lead nowhere else.
 * Underscores and malformed `xn--` labels are taken, for the domain name system resolves them.
 */
export function canonicalHost(written: string): Host | HostFault {
  if (written.startsWith('[')) return bracketedHost(written);
  let name = written.toLowerCase();
  if (!isPlainName(name)) {
    const ascii = asciiName(name);
    if (typeof ascii !== 'string') return ascii;
    name = ascii;
  }
  if (/^\.|\.\.|\.$/.test(name)) name = name.split('.').filter(Boolean).join('.');
  if (name === '') return { message: 'the address has no host' };
  if (endsInNumber(name)) {
    const address = canonicalIpv4(name);
    if (address === null) return { message: `the host ${shown(name)} is a number but not an IPv4 address` };
    return { ascii: address, unicode: address, kind: 'ipv4' };
  }
  if (name.length > longestName) return { message: `the host is longer than ${longestName} characters` };
  if (hasLongLabel(name)) return { message: `the host has a label of more than ${longestLabel} characters` };
  const unicode = name.includes('xn--') ? domainToUnicode(name) || name : name;
  return { ascii: name, unicode, kind: 'name' };
}

/** Lower-case letters, digits, `-`, `_` and `.`, and no `xn--` whose punycode would have to be looked at. */
function isPlainName(name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    const isLetter = code >= 0x61 && code <= 0x7a;
    if (!isLetter && !(code >= 0x30 && code <= 0x39) && code !== 0x2d && code !== 0x2e && code !== 0x5f)
      return false;
  }
  return !name.includes('xn--');
}

function asciiName(name: string): string | HostFault {
  let decoded = name;
  for (let depth = 0; depth < 4 && decoded.includes('%'); depth++) {
    try {
      decoded = decodeURIComponent(decoded);
    } catch {
      return { message: `the host ${shown(name)} has an escape that stands for no character` };
    }
  }
  const ascii = domainToASCII(decoded) || decoded.toLowerCase();
  const illegal = /[^a-z0-9._-]/.exec(ascii)?.[0];
  if (illegal === undefined) return ascii;
  return { message: `the host ${shown(name)} has a character that no host has: ${characterName(illegal)}` };
}

function bracketedHost(written: string): Host | HostFault {
  const address = written.endsWith(']') ? canonicalIpv6(written.slice(1, -1)) : null;
  if (!address) return { message: `the host ${shown(written)} is not an IPv6 address` };
  return { ascii: address.host, unicode: address.host, kind: address.kind };
}

function hasLongLabel(name: string): boolean {
  let start = 0;
  for (let i = 0; i <= name.length; i++) {
    if (i < name.length && name.charCodeAt(i) !== 0x2e) continue;
    if (i - start > longestLabel) return true;
    start = i + 1;
  }
  return false;
}

/** For messages: short, and without characters that could not be seen. */
function shown(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  return JSON.stringify(short);
}

function characterName(char: string): string {
  if (char === ' ') return 'a blank';
  const code = char.charCodeAt(0);
  if (code > 0x20 && code < 0x7f) return char;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
