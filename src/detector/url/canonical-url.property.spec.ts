import fc from 'fast-check';
import { type CanonicalUrl, isUrlFault, parseUrl } from './canonical-url.js';

function read(text: string): CanonicalUrl {
  const url = parseUrl(text);
  if (isUrlFault(url)) throw new Error(`${JSON.stringify(text)}: ${url.message}`);
  return url;
}

describe('for any text', () => {
  const pieces = fc.array(
    fc.oneof(
      fc.constantFrom(
        ...[
          'http',
          'hxxp',
          '&amp;',
          '&#47;',
          '&#',
          ';',
          ')',
          ']',
          'blob:',
          '/8',
          '10.0.0.0',
          '\u202e',
          '://',
          ':',
          '//',
          '\\',
          '@',
          'www.',
          'example',
          '.',
          'com',
          '[.]',
          '(dot)',
          '%',
          '%25',
          '%2e',
        ],
        ...[
          '%2F',
          '41',
          '/',
          '/..',
          '/.',
          '?',
          '#',
          '&',
          '=',
          '[',
          ']',
          '::1',
          '0x7f',
          '"',
          "'",
          '<',
          '>',
          ' ',
          '\t',
          'é',
        ],
        ...[
          'xn--',
          '-',
          'ß',
          '\u200b',
          '\ud800',
          'url:',
          '{',
          '}',
          '127',
          '8080',
          'data:',
          '`',
          '(',
          ')',
          '。',
          '\u0001',
        ],
      ),
      fc.string({ maxLength: 4, unit: 'binary' }),
    ),
    { maxLength: 14 },
  );
  const texts = fc.oneof(
    pieces.map((parts) => parts.join('')),
    pieces.map((parts) => `http://example.com/${parts.join('')}`),
  );

  it('there is an address or a sentence', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const url = parseUrl(text);
        expect(isUrlFault(url) ? url.message : url.host).not.toBe('');
      }),
      { numRuns: 1000, seed: 1 },
    );
  });

  it('the canonical text is its own canonical text, and has the same parts', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const url = parseUrl(text);
        if (isUrlFault(url)) return;
        const again = read(url.text);
        const { text: canonical, bareHost, port, userinfo, tail } = url;
        expect(again).toMatchObject({ text: canonical, bareHost, port, userinfo, tail });
      }),
      { numRuns: 1500, seed: 2 },
    );
  });
});

describe('for an address with something around it', () => {
  const names = fc
    .stringMatching(/^[a-z]{1,8}(\.[a-z]{2,6}){0,2}$/)
    .filter((name) => !/^hxxps?$|^https?$/.test(name));
  const tail = fc.constantFrom(
    '',
    '/',
    '/a',
    '/a/b.html?x=1',
    '?u=http://other.example/',
    '#@other.example',
    '/@other.example',
  );
  const before = fc.constantFrom(
    ...['http://', 'https://http://', 'http://https//', 'http//', 'https:/', 'hxxp://', 'hxxps//', '//'],
    ...[
      'view-source:http://',
      'feed:',
      'blob:http://',
      'foo://',
      'foo:',
      'C:\\',
      '\\\\',
      'jane@',
      'http://jane@',
    ],
    ...[
      '"',
      '<',
      '[x](http://',
      '[',
      '\u202a',
      '\u202e',
      'See ',
      'http://other.example://',
      'ftp//',
      'ttp://',
      'ws:',
    ],
    ...[
      'http&colon;&sol;&sol;',
      'http&#58;//',
      'http:&#x2f;&#x2f;',
      'http://x&#64;',
      'javascript:',
      'data:',
      'url:',
    ],
  );
  const after = fc.constantFrom(
    '',
    '.',
    '",',
    '>',
    ')',
    ']',
    '/8',
    '/24',
    '\u202c',
    '&amp;',
    ' and',
    ':',
    '://',
  );

  it('its host is read, or none', () => {
    fc.assert(
      fc.property(before, names, tail, after, (front, host, rest, end) => {
        const url = parseUrl(front + host + rest + end);
        if (!isUrlFault(url)) expect(url.host).toBe(host);
      }),
      { numRuns: 2000, seed: 4 },
    );
  });
});

describe('beside WHATWG URL', () => {
  const label = fc
    .stringMatching(/^[a-z]([a-z0-9-]{0,10}[a-z0-9])?$/)
    .filter((text) => !text.startsWith('xn--'));
  const byte = fc.integer({ min: 0, max: 255 });
  const numeric = fc.constantFrom(
    (n: number) => String(n),
    (n: number) => `0x${n.toString(16)}`,
    (n: number) => `0${n.toString(8)}`,
  );
  const address = fc.tuple(fc.tuple(byte, numeric), fc.tuple(byte, numeric), fc.tuple(byte, numeric));
  const host = fc.oneof(
    fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => `${labels.join('.')}.com`),
    fc.domain(),
    fc.constantFrom(
      'münchen.example',
      'ПРИМЕР.рф',
      'ＡＢＣ.com',
      'a。b.example',
      '[2001:db8::8:800:200c:417a]',
    ),
    address.map((parts) => parts.map(([n, write]) => write(n)).join('.')),
  );
  const tail = fc
    .webPath()
    .chain((path) => fc.webQueryParameters().map((query) => `${path || '/'}?${query}`));
  const port = fc.constantFrom('', ':80', ':8080', ':65535');
  const valid = fc
    .tuple(fc.constantFrom('http', 'HTTPS'), host, port, tail)
    .map(([scheme, name, suffix, rest]) => `${scheme}://${name}${suffix}${rest}`)
    .filter((text) => URL.canParse(text));

  it('agrees on the host, and on which addresses are the same', () => {
    fc.assert(
      fc.property(valid, (text) => {
        const standard = new URL(text);
        const url = read(text);
        expect(url.host).toBe(standard.hostname);
        expect(read(standard.href).text).toBe(url.text);
      }),
      { numRuns: 600, seed: 3 },
    );
  });
});
