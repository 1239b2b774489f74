import { readListLine } from './list-line.js';

/** What a line becomes, as `match value`; else why it does not. */
function becoming(line: string): string {
  const read = readListLine(line);
  if ('message' in read) return `fault: ${read.message}`;
  if ('leftOut' in read) return `left out: ${read.leftOut}`;
  const covered = read.covers.map(({ match, value }) => `${match} ${value}`).join(', ');
  return [read.list, covered, read.note && `(${read.note})`].filter(Boolean).join(' ');
}

describe('a line of a list', () => {
  it.each([
    ['evil-kit.com', 'domain evil-kit.com'],
    ['Login.Evil-Kit.com', 'host login.evil-kit.com'],
    ['evil-kit.com   # seen in May', 'domain evil-kit.com (seen in May)'],
    ['evil-kit.com // by ann', 'domain evil-kit.com (by ann)'],
    ['hxxps://evil-kit[.]com/a/b.php?x=1', 'url evil-kit.com/a/b.php?x=1'],
    ['https://evil-kit.com/', 'domain evil-kit.com'],
    ['http://evil-kit.com/a#b', 'url evil-kit.com/a#b'],
    ['evil-kit.com:8080', 'service evil-kit.com:8080'],
    ['*.evil-kit.com', 'suffix evil-kit.com'],
    ['.evil-kit.com', 'suffix evil-kit.com'],
    ['||ads.evil-kit.com^', 'suffix ads.evil-kit.com'],
    ['||evil-kit.com^$important,third-party', 'suffix evil-kit.com'],
    ['@@||good.com^', 'allow suffix good.com'],
    ['||203.0.113.7^', 'host 203.0.113.7'],
    ['0.0.0.0 ads.evil-kit.com', 'host ads.evil-kit.com'],
    ['127.0.0.1\ta.com b.com # two', 'host a.com, host b.com (two)'],
    [':: v6.evil-kit.com', 'host v6.evil-kit.com'],
    ['203.0.113.7', 'host 203.0.113.7'],
    ['203[.]0[.]113[.]7', 'host 203.0.113.7'],
    ['203.0.113.7:4444', 'service 203.0.113.7:4444'],
    ['2001:db8::1', 'host [2001:db8::1]'],
    ['[2001:DB8::1]', 'host [2001:db8::1]'],
    ['[2001:db8::1]:443', 'service [2001:db8::1]:443'],
    ['10.0.0.0/8', 'network 10.0.0.0/8'],
    ['10.9.8.7/8', 'network 10.0.0.0/8'],
    ['FE80::/10', 'network fe80::/10'],
    ['10.0.0.0/255.255.0.0', 'network 10.0.0.0/16'],
    ['10.0.0.4-10.0.0.9', 'network 10.0.0.4/30, network 10.0.0.8/31'],
    ['10.0.0.1 - 10.0.0.2', 'host 10.0.0.1, host 10.0.0.2'],
    ['2001:db8::-2001:db8::ffff', 'network 2001:db8::/112'],
    ['10.0.0.1 > 10.0.0.2', 'pair 10.0.0.1 > 10.0.0.2'],
    ['53/udp', 'service *:53/udp'],
    ['beacon', 'finding beacon'],
    ['intranet', 'host intranet'],
  ])('becomes the right kind of entry: %s', (line, entry) => expect(becoming(line)).toBe(entry));

  it.each([
    '',
    '   ',
    '# all of May',
    '! Title: ads',
    '[Adblock Plus 2.0]',
    '; zone',
    '127.0.0.1 localhost',
    '::1 ip6-localhost',
  ])('that stands for nothing is left out: %j', (line) => expect(becoming(line)).toMatch(/^left out/));

  it.each([
    ['co.uk', /write \*\.co\.uk/],
    ['10.0.0.0/40', /the length of its prefix/],
    ['10.0.0.9-10.0.0.1', /the second has to come behind/],
    ['2001:db8::1-2001:dbff:ffff:ffff:ffff:ffff:ffff:fffe', /list networks that are as wide/],
    ['93.184.216.34 moved.com', /list the name or the address alone/],
    ['||a.com^$domain=b.com', /only \|\|a\.com\^ alone/],
    ['||a.com/banner^', /only those of a whole domain/],
    ['a.com##.banner', /only those of a whole domain/],
    ['ads*.a.com', /\*\.example\.com/],
    ['bob@a.com', /list the domain a\.com/],
    ['a.com b.com', /one value a line/],
    ['d41d8cd98f00b204e9800998ecf8427e', /digest of a file/],
    ['javascript:alert(1)', /script/],
  ])('that is no entry is refused with the way out: %s', (line, way) => {
    expect(becoming(line)).toMatch(/^fault: /);
    expect(becoming(line)).toMatch(way);
  });
});
