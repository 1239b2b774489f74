import fc from 'fast-check';
import { type CanonicalUrl, isUrlFault, parseUrl } from './canonical-url.js';

function read(text: string): CanonicalUrl {
  const url = parseUrl(text);
  if (isUrlFault(url)) throw new Error(`${JSON.stringify(text)}: ${url.message}`);
  return url;
}

describe('the canonical URL', () => {
  it('has its parts apart', () => {
    expect(read('HTTPS://User:pw@Login.Example.co.uk:8443/A/b.php?X=1&y=2#Top')).toEqual({
      text: '//User:pw@login.example.co.uk:8443/A/b.php?X=1&y=2#Top',
      scheme: 'https',
      host: 'login.example.co.uk',
      bareHost: 'login.example.co.uk',
      hostUnicode: 'login.example.co.uk',
      hostKind: 'name',
      writtenHost: 'Login.Example.co.uk',
      registeredDomain: 'example.co.uk',
      subdomain: 'login',
      publicSuffix: 'co.uk',
      privateSuffix: false,
      port: 8443,
      userinfo: 'User:pw',
      path: '/A/b.php',
      query: 'X=1&y=2',
      fragment: 'Top',
      tail: '/a/b.php?x=1&y=2#top',
      writtenTail: '/A/b.php?X=1&y=2#Top',
      hidden: {
        invisible: false,
        backslash: false,
        doubleEncoded: false,
        encodedHost: false,
        obfuscatedIp: false,
      },
    });
  });

  it.each([
    ['no scheme', 'example.com/a', 'example.com/a'],
    ['two slashes alone', '//example.com/a', 'example.com/a'],
    ['slashes missing or too many', 'http:/example.com/a', 'example.com/a'],
    ['slashes too many', 'https:///example.com/a', 'example.com/a'],
    ['capitals in scheme and host', 'HtTp://EXAMPLE.com/Path', 'example.com/Path'],
    ['the port of http', 'http://example.com:80/a', 'example.com/a'],
    ['the port of https', 'example.com:443', 'example.com'],
    ['another port', 'https://example.com:08443/', 'example.com:8443'],
    ['an empty port', 'http://example.com:/', 'example.com'],
    ['a port behind one word', 'localhost:3000/a', '//localhost:3000/a'],
    ['www.', 'http://www.example.com/', 'example.com'],
    ['www. twice', 'www.www.example.com', 'example.com'],
    ['www. that is the registered name', 'www.com/a', 'www.com/a'],
    ['a slash at the end', 'http://example.com/a/', 'example.com/a'],
    ['a slash before the query', 'http://example.com/?q=1', 'example.com?q=1'],
    ['an empty query and fragment', 'http://example.com/a?#', 'example.com/a'],
    ['a dot at the end of the host', 'http://example.com./a', 'example.com/a'],
    ['empty labels', 'http://example..com/a', 'example.com/a'],
    ['dots in the path', 'http://example.com/a/./b/../../../c', 'example.com/c'],
    ['escaped letters', 'http://example.com/%41%2d%7E', 'example.com/A-~'],
    ['escapes of escapes', 'http://example.com/%252541', 'example.com/A'],
    ['escapes that make up another', 'http://example.com/%%34%31', 'example.com/A'],
    ['escapes that mean something', 'http://example.com/a%2fb?c=%26%3d', 'example.com/a%2Fb?c=%26%3D'],
    ['an escaped address', 'example.com/?u=http%3A%2F%2Fa.example', 'example.com?u=http://a.example'],
    ['blanks and accents', 'http://example.com/a b/é', 'example.com/a%20b/%C3%A9'],
    ['half a character', 'http://example.com/\ud800', 'example.com/%EF%BF%BD'],
    ['backslashes', 'http:\\\\example.com\\a?b\\c', 'example.com/a?b%5Cc'],
    ['tabs and line ends', 'ht\ntp://exa\tmple.com/a\r\nb', 'example.com/ab'],
    ['control characters in the path', 'http://example.com/a\u0001b', 'example.com/a%01b'],
    ['an escaped host', 'http://ex%61mple%2ecom/', 'example.com'],
    ['userinfo', 'http://a:b@c@example.com/', '//a:b%40c@example.com'],
    ['userinfo without a scheme', 'paypal.com@evil.example/a', '//paypal.com@evil.example/a'],
    ['an underscore', 'http://a_b.example.com/', 'a_b.example.com'],
  ])('reads %s', (_form, text, canonical) => {
    expect(read(text).text).toBe(canonical);
  });

  it.each([
    ['hxxp://example[.]com/a'],
    ['hXXps://example(.)com/a'],
    ['h**p://example{.}com/a'],
    ['hxxp[:]//example[.]com/a'],
    ['https[://]example.com/a'],
    ['http:[//]example[dot]com/a'],
    ['example [.] com/a'],
    ['example(dot)com[/]a'],
    ['meow://example[.com/a'],
    ['example[.]com[:]80/a'],
    ['"http://example.com/a"'],
    ["'example.com/a"],
    ['<URL:http://example.com/a>'],
    [' \u00a0\ufeff“example.com/a”\u200b '],
    ['(http://example.com/a)'],
  ])('undoes what made %j harmless', (text) => {
    expect(read(text).text).toBe('example.com/a');
  });

  it.each([
    [
      'an ampersand, however often it was escaped',
      'http://example.com/?a=1&amp;b=2&amp;amp;c=3',
      '?a=1&b=2&c=3',
    ],
    ['marks by number', 'http&#58;&#x2F;&#x2f;example.com&#47;a', '/a'],
    ['marks by name', 'http&colon;&sol;&sol;example&period;com&sol;a', '/a'],
  ])('reads what HTML escapes: %s', (_what, text, tail) => {
    expect(read(text)).toMatchObject({ host: 'example.com', tail });
  });

  it('leaves parameters alone that begin like a name of HTML', () => {
    expect(read('http://example.com/?a=1&copy=2&lt=3;&section;=4').query).toBe('a=1&copy=2&lt=3;&section;=4');
  });

  it.each([
    ['a scheme written twice', 'http://http://example.com/a'],
    ['two schemes of which one lost its colon', 'https://http//example.com/a'],
    ['two schemes, one made harmless', 'http://hxxps://example[.]com/a'],
    ['a scheme without its colon', 'http//example.com/a'],
    ['a scheme with one slash and no colon', 'https/example.com/a'],
    ['a scheme with another mark for its colon', 'http;//example.com/a'],
    ['hxxp without its colon', 'hxxp//example.com/a'],
    ['slashes as JSON escapes them', 'https:\\/\\/example.com\\/a'],
    ['view-source:', 'view-source:https://example.com/a'],
    ['feed:', 'feed://example.com/a'],
    ['feed: in front of a scheme', 'feed:https://example.com/a'],
    ['webcal:', 'webcal://example.com/a'],
    ['blob:', 'blob:https://example.com/a'],
    ['the full stop of a sentence', 'https://example.com/a.'],
    ['the marks of a question', 'https://example.com/a?!'],
    ['a comma', 'example.com/a,'],
    ['a bracket that nothing opened', 'https://example.com/a).'],
    ['a quote that nothing opened', 'https://example.com/a".'],
    ['an angle bracket that nothing opened', 'https://example.com/a>'],
    ['angle brackets', '<https://example.com/a>;'],
    ['square brackets', '[https://example.com/a]'],
    ['a link of Markdown', '[example.org](https://example.com/a)'],
    ['a link of Markdown with a title', '[https://example.org/](https://example.com/a "Here")'],
    ['a direction mark in front', '\u202ahttps://example.com/a\u202c'],
  ])('reads what is meant of %s', (_what, text) => {
    expect(read(text).text).toBe('example.com/a');
  });

  it.each([
    ['http://example.com/wiki/Paris_(France)', '/wiki/Paris_(France)'],
    ['http://example.com/a.b,c', '/a.b,c'],
    ['http://example.com/a?q=(x)', '?q=(x)'],
  ])('keeps the marks of %s', (text, end) => {
    expect(read(text).text.endsWith(end)).toBe(true);
  });

  it.each([
    ['2001:db8::1', '[2001:db8::1]'],
    ['::1', '[::1]'],
    ['fe80::1%eth0', '[fe80::1]'],
    ['http://[fe80::1%25eth0]/', '[fe80::1]'],
    ['http://2001:db8::1/', '[2001:db8::1]'],
  ])('knows the IPv6 address %s', (text, host) => {
    expect(read(text)).toMatchObject({ host, hostKind: 'ipv6' });
  });

  it.each(['10.0.0.0/8', '192.168.0.0/255.255.0.0', '2001:db8::/32', '10[.]0[.]0[.]0/8'])(
    'refuses the network %s',
    (text) => {
      expect(parseUrl(text)).toEqual({
        message: 'is a network and no address: name one of its hosts, or put it on a list',
      });
    },
  );

  it('takes a path that is a number for a path where a scheme stands in front', () => {
    expect(read('http://10.0.0.0/8')).toMatchObject({ host: '10.0.0.0', path: '/8' });
  });

  it('refangs a path only where the host was defanged', () => {
    expect(read('hxxp://example[.]com/a[.]php').path).toBe('/a.php');
    expect(read('http://example.com/a[.]php').path).toBe('/a[.]php');
  });

  it.each([
    ['decimal', 'http://2130706433/', '127.0.0.1', true],
    ['hexadecimal', 'http://0x7f000001/', '127.0.0.1', true],
    ['octal', 'http://017700000001/', '127.0.0.1', true],
    ['of mixed parts', 'http://0x7f.0.0.01/', '127.0.0.1', true],
    ['short', '127.1', '127.0.0.1', true],
    ['of three parts', 'http://10.1.258', '10.1.1.2', true],
    ['in wide digits', 'http://１２７.０.０.１', '127.0.0.1', true],
    ['plain', 'http://127.0.0.1:8080/', '127.0.0.1', false],
    ['mapped to IPv6', 'http://[::ffff:127.0.0.1]/', '127.0.0.1', true],
    ['mapped to IPv6 in hexadecimal', 'http://[::FFFF:7f00:1]:80/', '127.0.0.1', true],
  ])('knows an IPv4 address that is %s', (_form, text, host, obfuscatedIp) => {
    expect(read(text)).toMatchObject({ host, hostKind: 'ipv4', registeredDomain: host, publicSuffix: '' });
    expect(read(text).hidden.obfuscatedIp).toBe(obfuscatedIp);
  });

  it('knows an IPv6 address', () => {
    const url = read('http://[2001:DB8:0:0::1]:8080/a');
    expect(url).toMatchObject({
      host: '[2001:db8::1]',
      hostKind: 'ipv6',
      port: 8080,
      text: '[2001:db8::1]:8080/a',
    });
  });

  it.each([
    ['http://пример.рф/', 'xn--e1afmkfd.xn--p1ai', 'пример.рф'],
    ['http://faß.de', 'xn--fa-hia.de', 'faß.de'],
    ['xn--80ak6aa92e.com', 'xn--80ak6aa92e.com', 'аррӏе.com'],
    ['http://exam\u200bple。com', 'example.com', 'example.com'],
    ['xn--click--tikla.tk', 'xn--click--tikla.tk', 'xn--click--tikla.tk'],
  ])('reads the international name of %s', (text, host, hostUnicode) => {
    expect(read(text)).toMatchObject({ host, hostUnicode });
  });

  it.each([
    ['http://a.b.alice.github.io/', 'alice.github.io', 'a.b', 'github.io', true],
    ['http://github.io/', 'github.io', '', 'github.io', true],
    ['http://shop.example.co.jp', 'example.co.jp', 'shop', 'co.jp', false],
    ['http://intranet/', 'intranet', '', 'intranet', false],
  ])('finds who registered %s', (text, registeredDomain, subdomain, publicSuffix, privateSuffix) => {
    expect(read(text)).toMatchObject({ registeredDomain, subdomain, publicSuffix, privateSuffix });
  });

  it.each([
    ['http://example.com/%2541', { doubleEncoded: true }],
    ['http://example.com\\a', { backslash: true }],
    ['http://exam\u200bple.com', { invisible: true }],
    ['http://exa\tmple.com', { invisible: true }],
    ['http://example.com/\u202egpj.exe', { invisible: true }],
    ['\u202ehttp://example.com/', { invisible: true }],
    ['http://%65xample.com', { encodedHost: true }],
  ])('says what %j hides', (text, hidden) => {
    expect(read(text).hidden).toMatchObject(hidden);
  });

  it.each([
    ['', 'the address is empty'],
    [' \t"" ', 'the address is empty'],
    ['http://', 'the address has no host'],
    ['http:///?q', 'the address has no host'],
    ['user@', 'the address has no host'],
    ['...', 'the address has no host'],
    ['/only/a/path', 'the address begins with a path and has no host'],
    ['javascript:alert(1)', 'javascript: runs a script; it is no address of a page'],
    ['mailto:a@example.com', 'mailto: names a mailbox; it is no address of a page'],
    ['data:text/html,hello', 'data: carries its own content; it is no address of a page'],
    ['ssh://example.com', 'ssh: is no scheme of the web'],
    ['not an address', 'the host "not an address" has a character that no host has: a blank'],
    ['http://exa\u0001mple.com', 'the host "exa\\u0001mple.com" has a character that no host has: U+0001'],
    ['http://a,b.com', 'the host "a,b.com" has a character that no host has: ,'],
    ['http://%ff.com', 'the host "%ff.com" has an escape that stands for no character'],
    ['http://256.1.1.1', 'the host "256.1.1.1" is a number but not an IPv4 address'],
    ['http://1.2.3.4.5', 'the host "1.2.3.4.5" is a number but not an IPv4 address'],
    ['http://[::1', 'the host "[::1" is not an IPv6 address'],
    ['http://[2001:db8::1%25eth0]/', 'the host "[2001:db8::1%25eth0]" is not an IPv6 address'],
    ['http://example.com:99999', 'the port "99999" is not a number up to 65535'],
    ['C:\\Users\\jane\\mail.html', 'the address is a path of Windows and has no host'],
    ['c:/temp/a.html', 'the address is a path of Windows and has no host'],
    ['\\\\server\\share', 'the address names a share of files of Windows'],
    ['jane@example.com', 'is a mail address and no address of a page'],
    ['http://foo:://x', 'another scheme stands where the host should'],
    ['http://example.com://x', 'another scheme stands where the host should'],
    ['http://https', 'https is a scheme and no host'],
    ['blob:null/7', 'blob: holds no address'],
    ['http://exam\u202emoc.ple', 'the host "exam\u202emoc.ple" has a character that no host has: U+202E'],
    ['http://example.com:a', 'the port "a" is not a number up to 65535'],
  ])('refuses %j', (text, message) => {
    expect(parseUrl(text)).toEqual({ message });
  });

  it.each([
    ['a label', `${'a'.repeat(64)}.com`, 'the host has a label of more than 63 characters'],
    ['a name', `${'a.'.repeat(130)}com`, 'the host is longer than 253 characters'],
    ['a text', `example.com/${'a'.repeat(8192)}`, 'the address is longer than 8192 characters'],
    [
      'an escaped text',
      `example.com/${'é'.repeat(2000)}`,
      'the address is longer than 8192 characters once it is escaped',
    ],
  ])('refuses %s that is too long', (_what, text, message) => {
    expect(parseUrl(text)).toEqual({ message });
  });
});

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
