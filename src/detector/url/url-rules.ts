import type { Rule } from '../kind.js';
import type { CanonicalUrl } from './canonical-url.js';
import type { Chain } from './chain.js';
import { hostingKind } from './hosting.js';
import { isKnownDomain } from './known-domains.js';
import { ownNetwork } from './own-network.js';
import type { ExtensionKind } from './path-shape.js';
import type { UrlFacts } from './url-facts.js';

/** The features by which reasons name the rules. */
export const ownNetworkRule = 'own-network';
export const opaqueRule = 'opaque';
export const hostingRule = 'hosting';
export const lureRule = 'lure';
export const chainRule = 'chain';

/** What decides on an address whatever a model says of it; null where nothing does. @param facts of the chain's page */
export function ruleOf({ page, opaque, isCut, depth }: Chain, facts: () => UrlFacts): Rule | null {
  if (isCut) {
    const texts = [
      `leads through more than ${depth} addresses, one within another, and is not followed further`,
    ];
    return { verdict: 'suspicious', feature: chainRule, texts, probability: 0.5 };
  }
  return (
    ruleOfNetwork(page, facts) ??
    ruleOfOpaque(page, opaque, facts) ??
    ruleOfLure(page, facts) ??
    ruleOfHosting(page, facts)
  );
}

/**
 * What leads into the reader's own network, or to an address that belongs to nobody, is harmless, unless its spelling
 * hides that. An address that belongs to nobody and asks for trust is left to the model: it stands for another one.
 */
function ruleOfNetwork(page: CanonicalUrl, facts: () => UrlFacts): Rule | null {
  const found = ownNetwork(page);
  if (found === null) return null;
  const { isOwn, text } = found;
  const reason = isOwn
    ? `leads into your own network: ${page.bareHost} ${text}`
    : `leads nowhere: ${page.bareHost} ${text}, which belongs to nobody`;
  const disguise = disguiseOf(page);
  if (disguise !== null) {
    return { verdict: 'suspicious', feature: ownNetworkRule, texts: [disguise, reason], probability: 0.5 };
  }
  if (!isOwn && asksForTrust(facts())) return null;
  return { verdict: 'benign', feature: ownNetworkRule, texts: [reason], probability: 0 };
}

/** How a host's spelling hides which host it is; null where it does not. IPv6 has its own way to write an IPv4 address. */
function disguiseOf({ hidden, host, userinfo, writtenHost }: CanonicalUrl): string | null {
  if (hidden.encodedHost) return 'the host was written with escapes';
  if (hidden.obfuscatedIp && !writtenHost.startsWith('[')) {
    return `${host} is written as ${shorten(writtenHost)} to hide which host it is`;
  }
  const feigned = userinfo === null ? null : /^[^:]*\.[a-z]{2,}(?=$|:|%)/i.exec(userinfo);
  return feigned && `"${shorten(userinfo!)}@" stands in front of the real host ${host}`;
}

/** A shortener's link or a tracker's number says nothing about where it leads: it is unknown, which is no threat. */
function ruleOfOpaque(page: CanonicalUrl, opaque: string | null, facts: () => UrlFacts): Rule | null {
  if (page.tail === '' || page.hostKind !== 'name') return null;
  const isShortener = opaque === null && hostingKind(page.bareHost) === 'shortener';
  if ((opaque === null && !isShortener) || tailAsksForTrust(facts())) return null;
  const text = `${opaque ?? page.registeredDomain} does not show where this leads: unknown, and no threat by itself`;
  return { verdict: 'benign', feature: opaqueRule, texts: [text], probability: null };
}

/** Where projects put the programs that they publish. */
const publishedFolder = /\/(?:releases|release-assets|-\/package_files|projects?\/[^/]+\/files)\//;

/** What pages and shells load; and names of hosts, in a path, end in `.com` as well. */
const ordinaryProgram = /\.(?:js|sh|com)$/;

/** All of a fragment: a page that is told whom it visits. */
const addressee = /^[^/@\s=&]{1,64}@([a-z0-9.-]{1,253}\.[a-z]{2,})$/i;

/**
 * What hardly anyone has a harmless reason for is at least suspicious, however ordinary the spelling: a program from
 * where anyone may store files, and a page of a stranger that is told the e-mail address of its visitor.
 */
function ruleOfLure(page: CanonicalUrl, facts: () => UrlFacts): Rule | null {
  if (page.tail === '') return null;
  const { hosting, path, isOwners, brands } = facts();
  const limit = { verdict: 'suspicious', feature: lureRule, probability: null, limit: 'least' } as const;
  const anyones = hosting === 'free' || hosting === 'shared';
  if (
    anyones &&
    path.extension === 'program' &&
    !ordinaryProgram.test(path.text) &&
    !publishedFolder.test(page.tail)
  ) {
    return { ...limit, texts: [`a program is offered on ${page.bareHost}, where anyone may store files`] };
  }
  const isKnown = isOwners && (brands.owner !== undefined || isKnownDomain(page.registeredDomain));
  const domain = addressee.exec(page.fragment)?.[1];
  if (isKnown || domain === undefined || domain.toLowerCase().endsWith(page.registeredDomain)) return null;
  return {
    ...limit,
    texts: [
      `the fragment has an e-mail address ("${shorten(page.fragment)}"): the page is told whom it visits`,
    ],
  };
}

/** Files that no page is: to offer one from free hosting is a lure by itself. */
const luringFiles: ReadonlySet<ExtensionKind> = new Set(['program', 'archive', 'script', 'php']);

/** Anyone may have free hosting, for whatever: without a brand or a lure nothing but the host is known. */
function ruleOfHosting(page: CanonicalUrl, facts: () => UrlFacts): Rule | null {
  if (page.hostKind !== 'name' || page.userinfo !== null || page.port !== null) return null;
  const { hosting, path, query, confusables, hasMixedScripts } = facts();
  if (hosting !== 'free' && hosting !== 'shared') return null;
  if (asksForTrust(facts()) || luringFiles.has(path.extension) || path.hasHost || path.hasEmail) return null;
  if (query.hasAddress || query.hasEmail || page.fragment.includes('@')) return null;
  if (confusables > 0 || hasMixedScripts) return null;
  const what = hosting === 'free' ? 'is free hosting' : 'has pages of anyone';
  const text = `${page.bareHost} ${what}, and nothing else in the address speaks: at most suspicious`;
  return { verdict: 'suspicious', feature: hostingRule, texts: [text], probability: null, limit: 'most' };
}

/** Whether the address borrows a brand's name or has words of trust or haste. */
function asksForTrust(facts: UrlFacts): boolean {
  const { registered, inDomain, inSubdomain, confusable, misspelt, inUserinfo } = facts.brands;
  const named = [registered, inDomain, inSubdomain, confusable, misspelt, inUserinfo].some(
    (brand) => brand >= 0,
  );
  return named || facts.nameWords.places > 0 || tailAsksForTrust(facts);
}

function tailAsksForTrust({ brands, pathWords, queryWords }: UrlFacts): boolean {
  return brands.inTail >= 0 || pathWords.places + queryWords.places > 0;
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}
