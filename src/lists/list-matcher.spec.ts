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
  const { value } = read;
  const _id = listEntryId(match, value);
  const dates = { createdAt: now, changedAt: now, expiresAt: null, removedAt: null };
  return { _id, list, match, value, note: '', author: 'key soc', removedBy: null, ...dates, ...changes };
}

function deciding(entries: ListEntry[], text: string): string | null {
  const matcher = new ListMatcher();
  entries.forEach((item) => matcher.put(item));
  const found = matcher.find([urlOf(text)], now);
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
      entry('deny', 'suffix', '.example.com'),
      entry('allow', 'domain', 'example.com'),
      entry('deny', 'host', 'bad.example.com'),
      entry('allow', 'url', 'https://bad.example.com/good'),
    ];
    expect(deciding(entries, 'http://bad.example.com/good/')).toBe('allow url bad.example.com/good');
    expect(deciding(entries, 'bad.example.com/other')).toBe('deny host bad.example.com');
    expect(deciding(entries, 'other.example.com')).toBe('allow domain example.com');
    expect(deciding(entries.slice(0, 1), 'other.example.com')).toBe('deny suffix example.com');
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

describe('the value of an entry', () => {
  it.each([
    ['domain', 'www.shop.example.com', /below the registered domain example\.com/],
    ['domain', 'example.com/login', /more than a host/],
    ['domain', 'github.io', /is a public suffix/],
    ['host', 'user@example.com', /mail address/],
    ['suffix', '10.0.0.1', /is an address/],
    ['url', '', /empty/],
  ] as const)('is no %s: %s', (match, text, message) => {
    expect(readListValue(match, text)).toMatchObject({ message: expect.stringMatching(message) as string });
  });

  it('stands in canonical spelling', () => {
    expect(readListValue('suffix', ' *.Example.COM ')).toEqual({ value: 'example.com' });
    expect(readListValue('host', 'http://WWW.Example.com./')).toEqual({ value: 'example.com' });
    expect(readListValue('host', '0x7f000001')).toEqual({ value: '127.0.0.1' });
  });
});
