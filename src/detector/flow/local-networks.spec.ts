import { aFlow } from './fixtures/flows.js';
import { LocalNetworks } from './local-networks.js';

describe('local networks', () => {
  it.each([
    ['10.0.0.0/8', '10.255.0.1', '11.0.0.1'],
    ['192.0.2.128/25', '192.0.2.200', '192.0.2.100'],
    ['198.51.100.7', '198.51.100.7', '198.51.100.8'],
    ['2001:db8::/32', '2001:db8:ffff::1', '2001:db9::1'],
    ['2001:db8:0:40::/58', '2001:db8:0:7f::9', '2001:db8:0:80::9'],
    ['::ffff:10.0.0.0/104', '::ffff:10.9.9.9', '::ffff:11.9.9.9'],
    ['0.0.0.0/0', '203.0.113.1', '2001:db8::1'],
  ])('%s has %s and not %s', (network, inside, outside) => {
    const networks = new LocalNetworks([network]);
    expect([networks.has(inside), networks.has(outside)]).toEqual([true, false]);
  });

  it('are the private ranges where none are named', () => {
    const { standard } = LocalNetworks;
    expect(['172.16.9.1', 'fd00::1', 'fe80::1', '203.0.113.1'].map((host) => standard.has(host))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it('with what the sensor says give a direction', () => {
    const { standard } = LocalNetworks;
    const ends = (from: string, to: string, more = {}): string =>
      standard.directionOf(aFlow({ id_orig_h: from, id_resp_h: to, ...more }));
    expect(ends('10.0.0.1', '203.0.113.1')).toBe('out');
    expect(ends('203.0.113.1', '10.0.0.1')).toBe('in');
    expect(ends('10.0.0.1', 'fd00::2')).toBe('within');
    expect(ends('203.0.113.1', '198.51.100.1')).toBe('across');
    expect(ends('203.0.113.1', '198.51.100.1', { local_orig: true })).toBe('out');
  });

  it.each(['10.0.0.0/33', 'example.org', '10.0.0/8', 'fe80::1%eth0/64', '10.0.0.0/8/8', '::/129'])(
    'refuse %s',
    (network) => {
      expect(() => new LocalNetworks([network])).toThrow(`'${network}' is no network`);
    },
  );
});
