import { type CanonicalUrl, isUrlFault, parseUrl } from '../detector/url/canonical-url.js';
import type { ListEntry, ListName, MatchKind } from './list-entry.schema.js';
import { ListMatcher } from './list-matcher.js';
import { listEntryId, readListValue } from './list-value.js';

const now = new Date('2026-05-01T12:00:00Z');

function urlOf(text: string): CanonicalUrl {
  const url = parseUrl(text);
  if (isUrlFault(url)) throw new Error(url.message);
  return url;
}

function entry(list: ListName, match: MatchKind, text: string, changes: Partial<ListEntry> = {}): ListEntry {
  const read = readListValue(match, text);
  if ('message' in read) throw new Error(read.message);
  const finding = changes.finding ?? null;
  const _id = listEntryId({ ...read, list, finding });
  const dates = { createdAt: now, changedAt: now, expiresAt: null, removedAt: null };
  const rest = { note: '', author: 'key soc', removedBy: null, anyOrder: false, domains: [] };
  return { _id, list, ...read, ...rest, ...dates, ...changes, finding };
}

function matcherOf(entries: readonly ListEntry[]): ListMatcher {
  const matcher = new ListMatcher();
  entries.forEach((item) => matcher.put(item));
  return matcher;
}

/** @param texts an address, then what it leads to */
function deciding(entries: readonly ListEntry[], ...texts: string[]): string | null {
  const found = matcherOf(entries).find(texts.map(urlOf), now);
  return found && `${found.list} ${found.match} ${found.value}`;
}

describe('an allowed domain', () => {
  const allowed = [entry('allow', 'domain', 'Example.com')];

  it.each(['https://example.com', 'EXAMPLE.com/login?a=1', 'http://a.b.example.com:8080/x', 'example[.]com'])(
    'covers %s',
    (text) => expect(deciding(allowed, text)).toBe('allow domain example.com'),
  );

  it.each([
    'example.com.evil.test',
    'http://example.com@evil.test/',
    'http://ex\u0430mple.com/',
    'xn--exmple-4nf.com',
    'evilexample.com',
    'evil.test/example.com',
    'http://evil.test?example.com',
    'http://evil.test#example.com/',
  ])('does not cover %s', (text) => {
    expect(deciding(allowed, text)).toBeNull();
  });

  it('covers what a browser takes to it: a backslash ends the host', () => {
    expect(deciding(allowed, 'http://example.com\\@evil.test')).toBe('allow domain example.com');
  });
});

describe('entries of several kinds', () => {
  it('give way to the most particular one', () => {
    const entries = [
      entry('deny', 'suffix', '.com'),
      entry('allow', 'domain', 'example.com'),
      entry('deny', 'host', 'bad.example.com'),
      entry('allow', 'url', 'https://bad.example.com/good'),
    ];
    expect(deciding(entries, 'http://bad.example.com/good/')).toBe('allow url bad.example.com/good');
    expect(deciding(entries, 'bad.example.com/other')).toBe('deny host bad.example.com');
    expect(deciding(entries, 'other.example.com')).toBe('allow domain example.com');
    expect(deciding(entries.slice(0, 1), 'other.example.com')).toBe('deny suffix com');
  });

  it('of which the longest suffix wins', () => {
    const entries = [entry('allow', 'suffix', 'gov.test'), entry('deny', 'suffix', 'bad.gov.test')];
    expect(deciding(entries, 'x.bad.gov.test')).toBe('deny suffix bad.gov.test');
    expect(deciding(entries, 'notbad.gov.test')).toBe('allow suffix gov.test');
    expect(deciding(entries, 'nogov.test')).toBeNull();
  });

  it('decide nothing once they have expired or were removed', () => {
    expect(deciding([entry('deny', 'host', 'a.test', { expiresAt: now })], 'a.test')).toBeNull();
    expect(
      deciding(
        [entry('deny', 'host', 'a.test'), entry('deny', 'host', 'a.test', { removedAt: now })],
        'a.test',
      ),
    ).toBeNull();
  });
});

describe('the entry that covers least', () => {
  it('decides, whichever list it is on: a longer suffix before a shorter domain', () => {
    const cloud = [
      entry('allow', 'domain', 'windows-cloud.net'),
      entry('deny', 'suffix', 'bad.apps.windows-cloud.net'),
    ];
    expect(deciding(cloud, 'https://x.bad.apps.windows-cloud.net/a')).toBe(
      'deny suffix bad.apps.windows-cloud.net',
    );
    expect(deciding(cloud, 'https://good.apps.windows-cloud.net/a')).toBe('allow domain windows-cloud.net');
    const tenants = [
      entry('deny', 'domain', 'docs-host.com'),
      entry('allow', 'suffix', 'ours.docs-host.com'),
    ];
    expect(deciding(tenants, 'https://ours.docs-host.com/sites/hr')).toBe('allow suffix ours.docs-host.com');
    expect(deciding(tenants, 'https://theirs.docs-host.com/sites/hr')).toBe('deny domain docs-host.com');
  });

  it('denies where two cover as much', () => {
    const both = [entry('allow', 'domain', 'even.com'), entry('deny', 'suffix', 'even.com')];
    expect(deciding(both, 'a.even.com')).toBe('deny suffix even.com');
    expect(deciding([...both].reverse(), 'a.even.com')).toBe('deny suffix even.com');
  });

  it('is the network of the longest prefix, and the host before any network', () => {
    const entries = [
      entry('allow', 'network', '203.0.113.0/24'),
      entry('deny', 'network', '203.0.113.128/25'),
      entry('allow', 'host', '203.0.113.200'),
      entry('deny', 'network', '2001:db8:5::/48'),
    ];
    expect(deciding(entries, 'http://203.0.113.9/x')).toBe('allow network 203.0.113.0/24');
    expect(deciding(entries, 'http://203.0.113.129/x')).toBe('deny network 203.0.113.128/25');
    expect(deciding(entries, 'http://0xcb0071c8/x')).toBe('allow host 203.0.113.200');
    expect(deciding(entries, 'http://[2001:DB8:5::7]/x')).toBe('deny network 2001:db8:5::/48');
    expect(deciding(entries, 'http://[2001:db8:6::7]/x')).toBeNull();
  });

  it('may be of a port of a host', () => {
    const entries = [entry('allow', 'domain', 'shop.com'), entry('deny', 'service', 'shop.com:8080')];
    expect(deciding(entries, 'http://shop.com:8080/a')).toBe('deny service shop.com:8080');
    expect(deciding(entries, 'http://shop.com/a')).toBe('allow domain shop.com');
    const ip = [entry('deny', 'service', '203.0.113.5:443')];
    expect(deciding(ip, 'https://203.0.113.5/a')).toBe('deny service 203.0.113.5:443');
    expect(deciding(ip, 'http://203.0.113.5/a')).toBeNull();
  });

  it('is taken in, changed and removed again without a trace', () => {
    const matcher = new ListMatcher();
    const kinds = [
      entry('deny', 'url', 'a.com/x?b=1&a=2', { anyOrder: true }),
      entry('deny', 'host', '10.0.0.9'),
      entry('deny', 'network', '10.0.0.0/8'),
      entry('deny', 'service', '10.0.0.9:80/tcp'),
      entry('deny', 'suffix', 'a.com'),
    ];
    kinds.forEach((item) => matcher.put(item));
    matcher.put(entry('deny', 'url', 'a.com/x?b=1&a=2'));
    expect(matcher.find([urlOf('a.com/x?a=2&b=1')], now)?.match).toBe('suffix');
    kinds.forEach((item) => matcher.put({ ...item, removedAt: now }));
    expect(matcher.find([urlOf('a.com/x?b=1&a=2')], now)).toBeNull();
    expect(matcher.find([urlOf('http://10.0.0.9/')], now)).toBeNull();
  });
});

describe('an entry for one address', () => {
  const entries = [entry('deny', 'url', 'https://docs-host.com/show/d/e/2PACX-1v/pub')];

  it.each([
    'http://docs-host.com/show/d/e/2PACX-1v/pub#s=1',
    'https://x@docs-host.com/show/d/e/2PACX-1v/pub',
    'https://docs-host.com//show/d//e/2PACX-1v/pub/',
    'https://DOCS-host.com:443/show/./d/e/2PACX-1v/pub',
    'hxxps://docs-host[.]com/show/d/e/2PACX-1v/pub',
  ])('covers it as %s', (text) =>
    expect(deciding(entries, text)).toBe('deny url docs-host.com/show/d/e/2PACX-1v/pub'),
  );

  it.each([
    'https://docs-host.com/show/d/e/2pacx-1v/pub',
    'https://docs-host.com/show/d/e/2PACX-1v/pub?a=1',
    'https://docs-host.com:8443/show/d/e/2PACX-1v/pub',
    'https://a.docs-host.com/show/d/e/2PACX-1v/pub',
  ])('does not cover %s', (text) => expect(deciding(entries, text)).toBeNull());

  it('covers other orders of its parameters only where it says so', () => {
    const text = 'a.com/x?one=1&two=2';
    expect(deciding([entry('deny', 'url', text)], 'a.com/x?two=2&one=1')).toBeNull();
    const any = [entry('deny', 'url', text, { anyOrder: true })];
    expect(deciding(any, 'a.com/x?two=2&one=1#z')).toBe(`deny url ${text}`);
    expect(deciding(any, 'a.com/x?two=2&one=1&one=1')).toBeNull();
  });

  it('that has a fragment covers that fragment alone, and goes before the one without', () => {
    const paged = [entry('deny', 'url', 'a.com/app#/steal'), entry('allow', 'url', 'a.com/app')];
    expect(deciding(paged, 'a.com/app#/steal')).toBe('deny url a.com/app#/steal');
    expect(deciding(paged, 'a.com/app#/home')).toBe('allow url a.com/app');
  });

  it('keeps no password', () => {
    expect(readListValue('url', 'http://ann:secret@a.com/x')).toEqual({ match: 'url', value: 'a.com/x' });
  });
});

describe('what an address leads to', () => {
  const wrapper = 'https://mail-gate.com/r?to=https%3A%2F%2Fevil-kit.com%2Fa';

  it('is denied inside whatever leads to it', () => {
    const entries = [entry('deny', 'domain', 'evil-kit.com'), entry('allow', 'domain', 'mail-gate.com')];
    expect(deciding(entries, wrapper, 'https://evil-kit.com/a')).toBe('deny domain evil-kit.com');
    const twice = ['https://first.com/?u=x', wrapper, 'https://evil-kit.com/a'];
    expect(deciding(entries, ...twice)).toBe('deny domain evil-kit.com');
  });

  it('is denied with what leads to it', () => {
    const entries = [entry('allow', 'domain', 'evil-kit.com'), entry('deny', 'host', 'mail-gate.com')];
    expect(deciding(entries, wrapper, 'https://evil-kit.com/a')).toBe('deny host mail-gate.com');
  });

  it('is allowed only by itself, not with the redirector', () => {
    expect(
      deciding([entry('allow', 'domain', 'mail-gate.com')], wrapper, 'https://evil-kit.com/a'),
    ).toBeNull();
    expect(deciding([entry('allow', 'domain', 'evil-kit.com')], wrapper, 'https://evil-kit.com/a')).toBe(
      'allow domain evil-kit.com',
    );
    expect(deciding([entry('allow', 'url', wrapper)], wrapper, 'https://evil-kit.com/a')).toMatch(
      /^allow url/,
    );
  });
});

describe('entries about flows', () => {
  const flow = { source: '192.168.1.9', target: '203.0.113.4', port: 443, proto: 'tcp' };
  const decisionOn = (entries: ListEntry[], changes: Partial<typeof flow> = {}): string | null => {
    const found = matcherOf(entries).findFlow({ ...flow, ...changes }, now);
    return found && `${found.entry.list} ${found.entry.value} ${found.isOfSource}`;
  };

  it('cover those that a host begins, and those that lead to it', () => {
    const entries = [entry('allow', 'host', '192.168.1.9')];
    expect(decisionOn(entries)).toBe('allow 192.168.1.9 true');
    expect(decisionOn(entries, { source: '8.8.8.8', target: '192.168.1.9' })).toBe('allow 192.168.1.9 false');
    expect(decisionOn(entries, { source: '192.168.1.90' })).toBeNull();
  });

  it('deny with either end', () => {
    const entries = [entry('allow', 'host', '192.168.1.9'), entry('deny', 'network', '203.0.113.0/24')];
    expect(decisionOn(entries)).toBe('deny 203.0.113.0/24 false');
  });

  it('cover a pair or a service before a host', () => {
    const denied = entry('deny', 'host', '203.0.113.4');
    expect(decisionOn([denied, entry('allow', 'pair', '192.168.1.0/24 > 203.0.113.4')])).toBe(
      'allow 192.168.1.0/24 > 203.0.113.4 true',
    );
    expect(decisionOn([denied, entry('allow', 'service', '203.0.113.4:443/tcp')])).toBe(
      'allow 203.0.113.4:443/tcp true',
    );
    expect(decisionOn([entry('allow', 'service', '53/udp')])).toBeNull();
    expect(decisionOn([entry('allow', 'service', '53/udp')], { port: 53, proto: 'udp' })).toBe(
      'allow *:53/udp true',
    );
    expect(decisionOn([entry('allow', 'pair', '192.168.1.9 > *')])).toBe('allow 192.168.1.9 > * true');
    expect(decisionOn([entry('allow', 'pair', '203.0.113.4 > 192.168.1.9')])).toBeNull();
  });

  it('exempt findings of a host, of a pair, and of a kind', () => {
    const on = (
      entries: ListEntry[],
      kind = 'beacon',
      ends: Partial<typeof flow> | { target: null } = {},
    ): string | null => matcherOf(entries).findFinding(kind, { ...flow, ...ends }, now)?.value ?? null;
    expect(on([entry('allow', 'host', '192.168.1.9')])).toBe('192.168.1.9');
    // Whoever allows a target allows no one to attack it.
    expect(on([entry('allow', 'host', '203.0.113.4')])).toBeNull();
    expect(on([entry('allow', 'pair', '192.168.1.9 > 203.0.113.4')])).toBe('192.168.1.9 > 203.0.113.4');
    expect(
      on([entry('allow', 'pair', '192.168.1.9 > 203.0.113.4')], 'horizontal-scan', { target: null }),
    ).toBeNull();
    expect(on([entry('allow', 'finding', 'scan')])).toBeNull();
    expect(on([entry('allow', 'finding', 'scan')], 'vertical-scan')).toBe('scan');
    const narrow = [entry('allow', 'network', '192.168.0.0/16', { finding: 'beacon' })];
    expect(on(narrow)).toBe('192.168.0.0/16');
    expect(on(narrow, 'flood')).toBeNull();
    expect(decisionOn(narrow)).toBeNull();
  });
});

describe('the value of an entry', () => {
  it.each([
    ['domain', 'www.shop.example.com', /below the registered domain example\.com/],
    ['domain', 'example.com/login', /more than a host/],
    ['domain', 'github.io', /is a public suffix/],
    ['domain', '10.0.0.1', /use the match 'host'/],
    ['host', 'user@example.com', /mail address/],
    ['suffix', '10.0.0.1', /is an IP address/],
    ['network', '10.0.0.0/33', /is no network/],
    ['pair', '10.0.0.1', /is no pair/],
    ['service', '10.0.0.1:70000', /is no service/],
    ['service', '2001:db8::1:443', /is no service/],
    ['finding', 'noise', /there are .*beacon/],
    ['brand', 'a b', /fewer than three letters/],
    ['url', '', /empty/],
  ] as const)('is no %s: %s', (match, text, message) => {
    expect(readListValue(match, text)).toMatchObject({ message: expect.stringMatching(message) as string });
  });

  it.each([
    ['suffix', ' *.Example.COM ', 'example.com'],
    // All below www.example.com is less than all below example.com.
    ['suffix', 'www.example.com', 'www.example.com'],
    ['host', 'http://WWW.Example.com./', 'example.com'],
    ['host', '0x7f000001', '127.0.0.1'],
    ['host', '2001:DB8::0:1', '[2001:db8::1]'],
    ['network', '10.1.2.3/255.0.0.0', '10.0.0.0/8'],
    ['network', '2001:db8:ffff::/32', '2001:db8::/32'],
    ['network', '::ffff:10.0.0.0/104', '10.0.0.0/8'],
    ['pair', '10.0.0.1 -> 2001:DB8::1', '10.0.0.1 > 2001:db8::1'],
    ['service', 'udp/53', '*:53/udp'],
    ['service', '[2001:db8::/32]:443', '[2001:db8::/32]:443'],
    ['brand', ' Acme  Bank ', 'Acme Bank'],
  ] as const)('stands in canonical spelling as a %s: %s', (match, text, value) => {
    const read = readListValue(match, text);
    expect(read).toEqual({ match, value });
    expect(readListValue(match, value)).toEqual(read);
  });

  it('that is a network of one address is that host', () => {
    expect(readListValue('network', '10.0.0.7/32')).toEqual({ match: 'host', value: '10.0.0.7' });
  });
});
