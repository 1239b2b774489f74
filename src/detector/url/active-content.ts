import type { Rule } from '../kind.js';
import type { CanonicalUrl } from './canonical-url.js';
import { unwrap } from './defang.js';

/** The feature by which reasons name the rule. */
export const activeContentRule = 'active-content';

/** An address that carries what it shows or runs, and leads to no host. */
export interface ActiveContent {
  /** What stands in for it where learners look: no host, and the content as its path. */
  readonly url: CanonicalUrl;
  readonly rule: Rule;
}

const scripts = new Set(['javascript', 'vbscript', 'livescript']);

/** Media types whose content browsers run or show as a page. */
const activeTypes =
  /^(?:text\/(?:html|xml|xsl|javascript|ecmascript)|application\/(?:[a-z.+-]*xml|[a-z.-]*(?:java|ecma)script|hta|x-msdownload|octet-stream|x-shockwave-flash|zip|pdf|wasm)|image\/svg\+xml|message\/rfc822)/;

/** What a script must do to take or send something, or to go elsewhere. */
const harmful =
  /document\s*(?:\.|\[)|cookie|\blocation\b|window\s*(?:\.|\[)|\beval\b|fetch\s*\(|xmlhttprequest|activexobject|wscript|powershell|createobject|atob\s*\(|unescape\s*\(|fromcharcode|importscripts|<script|<iframe|<form|<meta|\/\/[a-z0-9.-]+\.[a-z]{2,}|https?:/;

const longestShown = 8192;

/** Reads what has a scheme that runs or carries content; null of other texts. */
export function readActiveContent(text: string): ActiveContent | null {
  const start = text
    .slice(0, 64)
    .replaceAll('\0', '')
    .replace(/[\t\r\n]/g, '');
  const found = /^[\s"'<(]*(javascript|vbscript|livescript|data)\s?:/i.exec(start);
  if (!found) return null;
  const content = unwrap(text)
    .replace(/[\t\r\n]/g, '')
    .replace(/^[a-z]+\s?:/i, '');
  const scheme = found[1].toLowerCase();
  return {
    url: standIn(scheme, content),
    rule: scripts.has(scheme) ? scriptRule(scheme, content) : dataRule(content),
  };
}

function scriptRule(scheme: string, content: string): Rule {
  const code = decoded(content).toLowerCase();
  const first = code.replace(/^(?:[;\s]|\/\/)+/, '');
  if (/^(?:void[\s(]*0|undefined|return false|false|history\.(?:back|go)\(-?\d*)?[\s);]*$/.test(first)) {
    return active(
      'suspicious',
      `${scheme}: runs a script where a link should lead to a page; this one does nothing`,
    );
  }
  return harmful.test(code)
    ? active('malicious', `${scheme}: runs a script that reaches for the page or for another host`)
    : active('suspicious', `${scheme}: runs a script in the page that shows the link`);
}

function dataRule(content: string): Rule {
  const type = /^[^,;]*/.exec(content)![0].trim().toLowerCase() || 'text/plain';
  if (!activeTypes.test(type)) {
    return active(
      'suspicious',
      `data: carries its own content (${shorten(type)}), from no host that could be checked`,
    );
  }
  return active(
    'malicious',
    `data: carries a page or a program of its own (${shorten(type)}), from no host that could be checked`,
  );
}

function active(verdict: 'suspicious' | 'malicious', text: string): Rule {
  return {
    verdict,
    feature: activeContentRule,
    texts: [text],
    probability: verdict === 'malicious' ? 1 : 0.5,
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function standIn(scheme: string, content: string): CanonicalUrl {
  const path = content.slice(0, longestShown - scheme.length - 1).replace(/[^\x21-\x7e]/g, '_');
  return {
    text: `${scheme}:${path}`,
    scheme,
    host: '',
    bareHost: '',
    hostUnicode: '',
    hostKind: 'name',
    writtenHost: '',
    registeredDomain: '',
    subdomain: '',
    publicSuffix: '',
    privateSuffix: false,
    port: null,
    userinfo: null,
    path,
    query: '',
    fragment: '',
    tail: path.toLowerCase(),
    writtenTail: path,
    hidden: {
      invisible: false,
      backslash: false,
      doubleEncoded: false,
      encodedHost: false,
      obfuscatedIp: false,
    },
  };
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}
