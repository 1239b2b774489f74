import fc from 'fast-check';
import { readAddress } from './canonical-url.js';
import { readEscapes } from './read-text.js';
import { type UrlFacts, urlFacts } from './url-facts.js';
import { type ReasonGroup, urlFeatures } from './url-features.js';
import { describeReasonGroup, reasonGroups, urlReasons } from './url-reasons.js';

function read(text: string): UrlFacts {
  return urlFacts(readAddress(text));
}

describe('a reason', () => {
  it.each([
    ['http://93.184.216.34/', 'address', 'the host is the bare IP address 93.184.216.34'],
    ['http://a123456789012.example/', 'host-digits', '12 digits in a row in the host ("123456789012")'],
    ['http://xn--fiqs8s.example/', 'host-digits', null],
    [
      'http://paypa1.com/',
      'brand-look-alike',
      'the host imitates paypal.com with letters that look alike (paypa1)',
    ],
    ['http://paypl.com/', 'brand-look-alike', 'the host imitates paypal.com, 1 letter off (paypl)'],
    ['http://example.com/', 'brand-look-alike', null],
    ['http://paypal.com.evil.xyz/', 'brand-in-host', 'the host imitates paypal.com but belongs to evil.xyz'],
    ['http://paypal.xyz/', 'brand-in-host', 'paypal.xyz has the name of paypal.com but is not its domain'],
    ['http://paypal.xyz/', 'suffix', '".xyz" is a top-level domain that is often abused'],
    ['http://example.com/', 'suffix', null],
    ['http://a.example/', 'suffix', null],
    ['http://a@evil.example/', 'userinfo', '"a@" stands in front of the real host evil.example'],
    ['http://bit.ly/x', 'hosting', 'bit.ly shortens addresses: it does not show where it leads'],
    ['http://example.com/', 'hosting', null],
    ['http://xqzvkjwtpf.example/', 'host-letters', 'the letters of "xqzvkjwtpf" in the host look random'],
    ['http://pruefziffernberechnung.de/', 'host-letters', null],
    ['http://日本語文字列.jp/', 'host-letters', null],
    [
      'https://x.list-manage.com/track/click',
      'hosting',
      'list-manage.com counts clicks for many senders: it does not show where it leads',
    ],
    [
      'https://lnstagram.example/',
      'brand-look-alike',
      'the host imitates instagram.com (Meta) with letters that look alike (lnstagram)',
    ],
    [
      'http://secure-login.example/',
      'host-words',
      'the host asks for trust or haste with "secure" and "login"',
    ],
    ['http://example.com/verify/', 'path-words', 'the path asks for trust or haste with "verify"'],
    ['http://example.com/a.exe', 'extension', 'the path ends like a program (".exe")'],
    ['http://example.com/?u=http://b.example', 'query-target', 'the query holds another address'],
    ['http://example.com/?next=/a', 'query-target', 'the parameter "next" says where to go on to'],
    ['http://example.com/', 'path-size', null],
    ['http://example.com/', 'query-size', null],
    ['http://example.com/', 'fragment', null],
    ['http://pаypal.com/', 'foreign-letters', 'the host mixes letters of several scripts (pаypal.com)'],
    ['http://почта.рф/', 'foreign-letters', null],
  ] as const)('for a threat of %s, %s', (text, group, sentence) => {
    expect(describeReasonGroup(group, read(text), true)).toBe(sentence);
  });

  it.each([
    ['https://www.paypal.com/', 'brand-owner', 'paypal.com belongs to PayPal'],
    ['https://arstechnica.com/', 'brand-owner', 'arstechnica.com belongs to Ars Technica'],
    ['https://facebookmail.com/', 'brand-owner', 'facebookmail.com belongs to Meta'],
    ['https://docs.google.com/forms/d/1', 'brand-owner', null],
    [
      'http://green-garden.example/',
      'host-letters',
      'the letters of the host read like words ("green-garden")',
    ],
    ['http://example.com/2023/12/24/a', 'path-date', 'the path has a date ("2023/12/24")'],
    [
      'http://example.com/d/42e62bc8-cfe8-4f66-9e89-decffff56f23',
      'path-identifiers',
      'the path has a UUID ("42e62bc8-cfe8-4f66-9e89-decffff56f23")',
    ],
    ['http://paypal.xyz/', 'brand-in-host', null],
    ['http://secure-login.example/', 'host-words', null],
  ] as const)('against a threat of %s, %s', (text, group, sentence) => {
    expect(describeReasonGroup(group, read(text), false)).toBe(sentence);
  });

  it('belongs to a group that is listed once', () => {
    expect(new Set(reasonGroups).size).toBe(reasonGroups.length);
    expect(urlFeatures.every((feature) => reasonGroups.includes(feature.group))).toBe(true);
  });
});

/** Contributions of each feature of a group; 0 of all others. */
function contributed(
  groups: Partial<Record<ReasonGroup, number>>,
  ngrams?: number,
): Parameters<typeof urlReasons>[1] {
  const values = Float64Array.from(urlFeatures, ({ group }) => groups[group] ?? 0);
  return { base: 0, values, ...(ngrams !== undefined && { ngrams }) };
}

function texts(
  address: string,
  contributions: Parameters<typeof urlReasons>[1],
  isFlagged: boolean,
): string[] {
  return urlReasons(read(address), contributions, isFlagged).map(({ text }) => text);
}

describe('the reasons of an address', () => {
  it('say first that an IP address is written so that nobody reads it, whatever that added', () => {
    const [hexadecimal] = urlReasons(
      read('http://0x5b5cf312/secure'),
      contributed({ 'path-words': 3 }),
      true,
    ).filter(({ place }) => place === 'first');
    expect(hexadecimal.text).toBe(
      'the host "0x5b5cf312" is the IP address 91.92.243.18, written in hexadecimal',
    );
    expect(texts('http://1533866770/', contributed({}), true)[0]).toContain('written in one decimal number');
    expect(texts('http://0133.0134.0363.022/', contributed({}), true)[0]).toContain('written in octal');
  });

  it('say that nothing speaks where the home page of a plain name is all there is', () => {
    expect(texts('https://www.smithbrothers.com/', contributed({ 'host-letters': -0.3 }), false)).toEqual([
      'nothing in the bare name smithbrothers.com speaks for or against it',
    ]);
    expect(texts('https://smithbrothers.com/', contributed({}, 2), true)).toEqual([
      'no single part of the bare name smithbrothers.com stands out: as a whole it is like malicious ones',
      'the spelling is like that of malicious addresses',
    ]);
  });

  it('say that too little speaks for a threat where something does and the verdict is benign', () => {
    expect(texts('https://example.org/login', contributed({ 'path-words': 0.5 }), false)[1]).toBe(
      'too little in the address of example.org speaks for a threat',
    );
  });

  const words = fc.constantFrom(
    'login',
    'secure',
    'a1b2c3d4e5',
    'paypal',
    'xqzvkjwtpf',
    'münchen',
    'почта',
    'index.php',
  );
  const hosts = fc
    .tuple(
      fc.array(words, { minLength: 1, maxLength: 3 }),
      fc.constantFrom('com', 'xyz', 'de', 'github.io', 'gov.uk'),
    )
    .map(([labels, suffix]) => `${labels.join('.').replaceAll('.php', '')}.${suffix}`);
  const tails = fc
    .tuple(
      fc.array(words, { maxLength: 4 }),
      fc.constantFrom('', '?next=/a&id=12345678', '?q=%D0%BC%D0%B8%D1%80', '#a@b.example'),
    )
    .map(([path, query]) => path.map((part) => `/${part}`).join('') + query);
  const addresses = fc.tuple(hosts, tails).map((parts) => `http://${parts.join('')}`);

  it('quote nothing that a reader does not see, say nothing of what is not there, and are never empty', () => {
    fc.assert(
      fc.property(addresses, fc.boolean(), fc.integer(), (address, isFlagged, seed) => {
        const facts = read(address);
        const { url } = facts;
        const seen =
          `${url.hostUnicode}${url.tail} ${readEscapes(url.tail)} ${facts.reading.host}`.toLowerCase();
        const values = Float64Array.from(urlFeatures, (_, i) => Math.sin(seed + i));
        const reasons = urlReasons(facts, { base: 0, values, ngrams: Math.cos(seed) }, isFlagged);
        expect(reasons.length).toBeGreaterThan(0);
        for (const { text } of reasons) {
          expect(text).not.toMatch(/undefined|null|NaN|\bno (?!single)|\bnone\b|^$|""/);
          const quoted = [...text.matchAll(/"([^"]*)"/g)]
            .flatMap(([, mention]) => mention.split('…'))
            .filter(Boolean);
          for (const mention of quoted) expect(seen).toContain(mention.toLowerCase());
        }
      }),
      { seed: 6, numRuns: 200 },
    );
  });
});
