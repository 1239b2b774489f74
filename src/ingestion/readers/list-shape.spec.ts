import { addressesOf, isList, looksLikeAddress } from './list-shape.js';

const labels = new Set(['0', '1', 'legitimate', 'phishing']);
const lineColumn = { name: 'url', spellings: ['url'], isLabel: (text: string) => labels.has(text) };
const isListOf = (text: string): boolean => isList({ text, complete: true }, lineColumn);

describe('a list of addresses', () => {
  it.each([
    [
      'addresses with commas in them',
      'https://maps.example/@48.85,2.35,15z\nhttps://maps.example/@1.2,3.4,9z\n',
    ],
    ['one that ends like a label', 'https://news.example/politics/0,1518,1\n'],
    [
      'ones that end with words of all kinds',
      'https://a.example/x,one\nb.example/x,two\nc.example/,three\nd.example/,four\n',
    ],
    ['names of one label', 'intranet\nrouter\nlocalhost\n'],
    ['hosts of the own network first', 'localhost\nhttps://a.example/\n'],
    ['a host of one label with a path', 'intranet/wiki\nhttps://a.example/\n'],
    ['quoted lines, as jq writes them', '"https://a.example/x,y"\n"https://b.example/"\n'],
    ['lines of an array', '"https://a.example/",\n"https://b.example/",\n'],
    ['a hosts file', '# blocked\n127.0.0.1 localhost\n0.0.0.0 ads.example # seen in May\n'],
    ['a hosts file with tabs', '0.0.0.0\tads.example\n::1\tip6-localhost\n'],
    ['addresses with remarks behind tabs', 'https://a.example/\tseen in May\n'],
    ['IPv6 addresses', '[2001:db8::1]/a\n2001:db8::2\n'],
    ['defanged addresses', 'hxxp[:]//a[.]example/x\nb[dot]example\n'],
    ['other schemes', 'mailto:a@b.example\nhttps://a.example/\n'],
    ['rules of a filter', '||ads.example^\n'],
  ])('is %s', (_, text) => {
    expect(isListOf(text)).toBe(true);
  });

  it.each([
    ['a table with a header that nobody knows', 'website,category\nhttps://a.example/,legitimate\n'],
    ['a column with a name that nobody knows', 'website\nhttps://a.example/\n'],
    ['a sentence above addresses', 'Addresses seen in May\nhttps://a.example/\n'],
    ['addresses with words that are labels', 'https://a.example/login,legitimate\n'],
    ['addresses with numbers that are labels', 'https://a.example/login,0\nhttps://b.example/,1\n'],
    ['addresses with their categories', 'a.example,news\nb.example,news\nc.example,bank\nd.example,bank\n'],
    ['names behind their ranks', '1,a.example\n2,b.example\n'],
    ['rows of quoted cells', '"https://a.example/","2024-05-01"\n'],
    ['rows that begin with a day', '2024-05-01;https://a.example/\n'],
    ['a table with tabs', 'site\tkind\nhttps://a.example/\tgood\n'],
  ])('is not %s', (_, text) => {
    expect(isListOf(text)).toBe(false);
  });
});

describe('a line of a list', () => {
  it.each([
    ['https://a.example/x#y', ['https://a.example/x#y']],
    ['  a.example # seen in May', ['a.example']],
    ['# a remark', []],
    ['"https://a.example/x y",', ['https://a.example/x y']],
    ['0.0.0.0 ads.example  more.example # both', ['ads.example', 'more.example']],
    ['fe80::1%lo0\tlocalhost', ['localhost']],
    ['10.0.0.1 https://a.example/', ['10.0.0.1 https://a.example/']],
    ['https://a.example/\tphishing\t2024', ['https://a.example/']],
    ['7\ta.example', ['a.example']],
    ['a b', ['a b']],
  ])('%j holds %j', (text, addresses) => {
    expect(addressesOf(text)).toEqual(addresses);
  });
});

describe('what looks like an address', () => {
  it.each([
    'a.example',
    'HTTP://A',
    '//a/b',
    '10.0.0.1:8080',
    '[::1]:80/x',
    'a.example:80',
    'bücher.example',
    'localhost:3000',
  ])('is %s', (text) => expect(looksLikeAddress(text)).toBe(true));

  it.each([
    'url',
    'first_seen (UTC)',
    '2024-05-01',
    '2024.05.01',
    '12:30:00',
    '1.5',
    '',
    '1',
    'Avg. score',
    '2024/05/01',
  ])('is not %j', (text) => expect(looksLikeAddress(text)).toBe(false));
});
