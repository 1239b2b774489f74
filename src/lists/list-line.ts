import { type CanonicalUrl, isUrlFault, parseUrl } from '../detector/url/canonical-url.js';
import { parsePair, parseService } from './flow-rule.js';
import type { ListName } from './list-entry.schema.js';
import { type Covered, findingScopes, hostValue, type ListValue, readListValue } from './list-value.js';
import { bitsOf, networksOfRange, networkText, parseIp, parseNetwork } from './network.js';

/** What a line of a list, or a pasted value, comes to. */
export type ReadLine =
  /** `note` is the remark behind it; `list` where the line itself says which, as Adblock's exceptions do. */
  | { readonly covers: readonly Covered[]; readonly note: string; readonly list?: ListName }
  /** It stands for nothing, and is meant to. */
  | { readonly leftOut: string }
  | { readonly message: string };

/** Addresses to which hosts files send what is to lead nowhere. */
const sinks = new Set([
  '0.0.0.0',
  '127.0.0.1',
  '127.0.1.1',
  '255.255.255.255',
  '::',
  '::1',
  'fe80::1',
  'ff02::1',
]);
/** Names that every hosts file has of the machine itself. */
const ownNames =
  /^(?:localhost|localhost\.localdomain|local|broadcasthost|ip6-\w+|0\.0\.0\.0|loopback)$|^ff0\d::/i;

/** Networks that one range may take; more would be one entry in every few lines. */
const mostNetworks = 64;

/**
 * Reads a line of a list as people keep and paste them: an address in any spelling, a host, a domain, a network or a
 * range of addresses; a line of a hosts file; a domain rule of Adblock; each with or without a remark.
 */
export function readListLine(line: string): ReadLine {
  const text = line.replace(/^\uFEFF/, '').trim();
  if (text === '') return { leftOut: 'a blank line' };
  if (/^(?:#|!|;|\/\/(?=\s|$)|\[adblock)/i.test(text) && !/^##?[.#]/.test(text))
    return { leftOut: 'a remark' };
  if (/^\|\||^@@/.test(text) || /#@?\??#|^\||^\/.*\/\$?[\w,~=]*$/.test(text)) return adblockRule(text);
  // A fragment has no blank before it.
  const end = text.search(/(?<!\s)\s+(?:#|\/\/|;)/);
  const [value, remark] = end < 0 ? [text, ''] : [text.slice(0, end), text.slice(end)];
  const read = readHostsLine(value) ?? readPasted(value);
  if ('message' in read || 'leftOut' in read) return read;
  return {
    covers: read.covers,
    note: remark
      .replace(/^\s+(?:#|\/\/|;)/, '')
      .trim()
      .slice(0, 500),
  };
}

type Pasted = { readonly covers: readonly Covered[] } | { readonly message: string };

/** `||ads.example^`, `@@||good.example^`. */
function adblockRule(rule: string): ReadLine {
  const [, exception, host, , options = ''] = /^(@@)?\|\|([^/^$|*:]+)(\^?\|?)(?:\$(.*))?$/.exec(rule) ?? [];
  if (host === undefined || rule.includes('##')) {
    return {
      message:
        'is an Adblock rule about parts of pages or of addresses; only those of a whole domain (||ads.example^) can be listed',
    };
  }
  const limits = options.split(',').filter((name) => name !== '' && !wholeDomain.has(name));
  if (limits.length > 0) {
    return {
      message: `is an Adblock rule that ${limits.join(', ')} limits; only ||${host}^ alone can be listed`,
    };
  }
  const ip = parseIp(host);
  const covered = ip ? hostValue(ip) : readListValue('suffix', host);
  if ('message' in covered) return covered;
  return { covers: [covered], note: '', ...(exception && { list: 'allow' as const }) };
}

/** Options of Adblock rules that leave the rule one of the whole domain. */
const wholeDomain = new Set(['important', 'all', 'document', 'doc', 'third-party', '3p', 'popup']);

/** `0.0.0.0 ads.example`; null for what is no line of a hosts file. */
function readHostsLine(text: string): Pasted | { readonly leftOut: string } | null {
  const [address, ...names] = text.split(/\s+/);
  if (names.length === 0 || !parseIp(address) || !/^[^>→-]/.test(names[0])) return null;
  if (!sinks.has(address.replace(/%.*$/, '').toLowerCase())) {
    return {
      message: `sends ${names.join(', ')} to ${address} as hosts files do; list the name or the address alone`,
    };
  }
  const blocked = names.filter((name) => !ownNames.test(name));
  if (blocked.length === 0) return { leftOut: 'a name of the machine itself' };
  const read = blocked.map((name) => readListValue('host', name));
  const fault = read.find((value) => 'message' in value);
  return fault && 'message' in fault ? fault : { covers: read as Covered[] };
}

function readPasted(text: string): Pasted {
  return readAddresses(text) ?? readName(text);
}

/** IP addresses, ranges, networks and what flows go to; null for what has a name or is a whole address. */
function readAddresses(text: string): Pasted | null {
  const live = text.replace(/\[\.\]|\(\.\)/g, '.');
  const network = parseNetwork(live);
  if (network) {
    const isHost = network.length === bitsOf(network.ip);
    return {
      covers: [isHost ? hostValue(network.ip) : { match: 'network', value: networkText(network) }],
    };
  }
  const [from, to, ...more] = live.split(/[-–]/).map((end) => parseIp(end.trim()));
  if (from && to && more.length === 0) return readRange(networksOfRange(from, to));
  if (parsePair(live)) return covering(readListValue('pair', live));
  if (
    /^(?:\d+\.){3}\d+:\d+(?:\/\w+)?$|^\[[\da-f:.]+\]:\d+(?:\/\w+)?$|^\d+\/(?:tcp|udp)$|^(?:tcp|udp)\/\d+$/i.test(
      live,
    )
  )
    return parseService(live) ? covering(readListValue('service', live)) : null;
  if (findingScopes.includes(live.toLowerCase())) return covering(readListValue('finding', live));
  const slashed = /^([\da-f:.]+)\/[\d.]+$/i.exec(live);
  if (slashed && parseIp(slashed[1])) {
    return { message: 'is no network: the number behind the slash is the length of its prefix' };
  }
  return null;
}

function readRange(networks: ReturnType<typeof networksOfRange>): Pasted {
  if (!networks) return { message: 'is no range of addresses: the second has to come behind the first' };
  if (networks.length > mostNetworks) {
    return {
      message: `takes ${networks.length} networks, more than ${mostNetworks}; list networks that are as wide (10.0.0.0/8)`,
    };
  }
  return {
    covers: networks.map((network) =>
      network.length === bitsOf(network.ip)
        ? hostValue(network.ip)
        : { match: 'network', value: networkText(network) },
    ),
  };
}

function readName(text: string): Pasted {
  if (/^\*?\.[^*]*$/.test(text)) return covering(readListValue('suffix', text));
  if (/^[0-9a-f]{32}$|^[0-9a-f]{40}$|^[0-9a-f]{64}$|^[0-9a-f]{128}$/i.test(text)) {
    return { message: 'is a digest of a file, which no list here covers' };
  }
  if (text.includes('*') && !/[/?]/.test(text.replace(/^\w+:\/\//, '').split('*')[0])) {
    return { message: 'has a * within; all below a domain are *.example.com' };
  }
  if (/^[^\s/:@]+@[^\s/:@]+$/.test(text)) {
    return { message: `is a mail address; list the domain ${text.split('@')[1]}` };
  }
  if (/\s/.test(text)) return { message: 'holds blanks; list one value a line, and a remark behind a #' };
  const url = parseUrl(text);
  if (isUrlFault(url)) return url;
  if (url.tail !== '' || url.userinfo !== null) return covering(readListValue('url', text));
  if (url.port !== null) return covering(readListValue('service', `${url.bareHost}:${url.port}`));
  return covering(ofHost(url));
}

/** A whole domain where that was registered, else the host alone. */
function ofHost({ bareHost, registeredDomain, publicSuffix, hostKind }: CanonicalUrl): ListValue {
  if (hostKind !== 'name') return { match: 'host', value: bareHost };
  if (bareHost === publicSuffix && bareHost.includes('.')) {
    return { message: `is a public suffix, which no one registers; write *.${bareHost} for all below it` };
  }
  const isDomain = bareHost === registeredDomain && bareHost !== publicSuffix;
  return { match: isDomain ? 'domain' : 'host', value: bareHost };
}

function covering(value: ListValue): Pasted {
  return 'message' in value ? value : { covers: [value] };
}
