import { ipText, networksOfRange, networkText, parseIp, parseNetwork } from './network.js';

describe('an IP address', () => {
  it.each([
    ['192.168.1.9', '192.168.1.9'],
    ['2001:0DB8:0:0::0:1', '2001:db8::1'],
    ['[::1]', '::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['64:ff9b::192.0.2.1', '64:ff9b::c000:201'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
  ])('is read in all its spellings: %s', (text, canonical) => {
    expect(ipText(parseIp(text)!)).toBe(canonical);
  });

  it.each([
    '300.1.1.1',
    '1.2.3',
    '1.2.3.4.5',
    '1..2.3',
    '',
    'dead:beef',
    '1::2::3',
    '1:2:3:4:5:6:7:8:9',
    'a.example',
  ])('is not %j', (text) => expect(parseIp(text)).toBeNull());
});

describe('a network', () => {
  it.each([
    ['10.20.30.40/8', '10.0.0.0/8'],
    ['10.20.30.40/255.255.240.0', '10.20.16.0/20'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['2001:db8:1234:ffff::/52', '2001:db8:1234:f000::/52'],
    ['255.255.255.255', '255.255.255.255/32'],
  ])('has no bits behind its prefix: %s', (text, canonical) => {
    expect(networkText(parseNetwork(text)!)).toBe(canonical);
  });

  it.each(['10.0.0.0/33', '10.0.0.0/', '10.0.0.0/255.0.255.0', '2001:db8::/129', '10.0.0.0/8/8', 'x/8'])(
    'is not %s',
    (text) => expect(parseNetwork(text)).toBeNull(),
  );
});

describe('a range of addresses', () => {
  const networksOf = (from: string, to: string): string[] | null =>
    networksOfRange(parseIp(from)!, parseIp(to)!)?.map(networkText) ?? null;

  it('is the fewest networks that make it up', () => {
    expect(networksOf('10.0.0.0', '10.255.255.255')).toEqual(['10.0.0.0/8']);
    expect(networksOf('0.0.0.0', '255.255.255.255')).toEqual(['0.0.0.0/0']);
    expect(networksOf('10.0.0.255', '10.0.1.2')).toEqual(['10.0.0.255/32', '10.0.1.0/31', '10.0.1.2/32']);
    expect(networksOf('2001:db8::', '2001:db8::2:ffff')).toEqual(['2001:db8::/111', '2001:db8::2:0/112']);
  });

  it('is none backwards or across protocols', () => {
    expect(networksOf('10.0.0.2', '10.0.0.1')).toBeNull();
    expect(networksOf('10.0.0.2', '::1')).toBeNull();
  });
});
