import { addressClass } from './address-class.js';
import { flowFields } from './flow.js';
import { isoSeconds } from './iso-time.js';
import { parseFlow } from './parse-flow.js';
import { WeakLabels } from './weak-labels.js';

const values = (changes: Readonly<Record<string, unknown>> = {}): unknown[] => {
  const record: Readonly<Record<string, unknown>> = {
    ts: 1,
    id_orig_h: '10.0.0.1',
    id_resp_h: '::1',
    proto: 'TCP',
    ...changes,
  };
  return flowFields.map((field) => record[field]);
};

describe('parsing', () => {
  it('takes numbers and their texts alike', () => {
    expect(parseFlow(values({ orig_bytes: '12', duration: 0.5 }))).toMatchObject({
      proto: 'tcp',
      orig_bytes: 12,
      duration: 0.5,
      service: null,
    });
  });

  it.each([
    ['id_resp_p', 65536, 'id_resp_p is 65536, not a port'],
    ['orig_pkts', -1, 'orig_pkts is -1, not a number from 0 on'],
    ['duration', 'long', 'duration is "long", not a number from 0 on'],
    ['resp_bytes', 'Infinity', 'resp_bytes is "Infinity", not a number from 0 on'],
    ['id_orig_h', '10', 'id_orig_h is "10", not an address'],
    ['id_orig_h', '300.1.1.1', 'id_orig_h is "300.1.1.1", not an address'],
    ['id_orig_h', '1.2.3.4.5', 'id_orig_h is "1.2.3.4.5", not an address'],
    ['id_orig_h', '1.2.3', 'id_orig_h is "1.2.3", not an address'],
    ['id_orig_h', '1..2.3', 'id_orig_h is "1..2.3", not an address'],
    ['id_orig_h', '010.0.0.1', 'id_orig_h is "010.0.0.1", not an address'],
    ['id_orig_h', 'dead:beef', 'id_orig_h is "dead:beef", not an address'],
    ['id_orig_h', '1:2:3:4:5:6:7:8:9', 'id_orig_h is "1:2:3:4:5:6:7:8:9", not an address'],
    ['id_orig_h', '10.0.0.1%eth0', 'id_orig_h is "10.0.0.1%eth0", not an address'],
    ['id_resp_p', '0x50', 'id_resp_p is "0x50", not a number from 0 on'],
    ['duration', '-3', 'duration is "-3", not a number from 0 on'],
    ['ts', '2021-02-29T00:00:00Z', 'ts is "2021-02-29T00:00:00Z", not a time'],
    ['proto', 256, 'proto is 256, not a protocol'],
    ['history', 5, 'history is 5, not a text'],
    ['ts', 'yesterday', 'ts is "yesterday", not a time'],
    ['proto', '-', 'proto is missing'],
    ['id_resp_h', undefined, 'id_resp_h is missing'],
  ])('refuses %s of %p', (field, value, message) => {
    expect(() => parseFlow(values({ [field]: value }))).toThrow(message);
  });

  it.each(['2001:db8::1', '::', '::ffff:10.1.2.3', '255.255.255.255', '0.0.0.0', 'FE80::1'])(
    'takes the address %s as it stands',
    (address) => {
      const mended: string[] = [];
      expect(parseFlow(values({ id_orig_h: address }), undefined, mended).id_orig_h).toBe(address);
      expect(mended).toEqual([]);
    },
  );

  it('drops the zone of an address, and says so', () => {
    const mended: string[] = [];
    expect(parseFlow(values({ id_orig_h: 'fe80::1%eth0' }), undefined, mended).id_orig_h).toBe('fe80::1');
    expect(mended).toEqual(['id_orig_h is read without its zone "%eth0"']);
  });

  it.each([
    [6, 'tcp'],
    ['17', 'udp'],
    ['IPv6-ICMP', 'icmp'],
    [58, 'icmp'],
    [253, 'unknown_transport'],
    ['constructor', 'constructor'],
  ])('reads the protocol %p as %s', (proto, name) => {
    expect(parseFlow(values({ proto })).proto).toBe(name);
  });

  it.each([1710000000.5, 1710000000500, 1710000000500000, '1710000000500000000', '2024-03-09T16:00:00.5Z'])(
    'reads the time %p in seconds, milli-, micro- or nanoseconds',
    (ts) => expect(parseFlow(values({ ts })).ts).toBe(1710000000.5),
  );

  it('asks only for what it is told to', () => {
    expect(parseFlow(values({ ts: null, id_orig_h: '' }), ['proto'])).toMatchObject({
      ts: null,
      id_orig_h: null,
    });
  });
});

describe('times', () => {
  it.each([
    ['2021-06-06T16:38:55.855844+0200', 1622990335.855844],
    ['2021-06-06T14:38:55.855844Z', 1622990335.855844],
    ['2021-06-06 14:38:55', 1622990335],
    ['2021-06-06T09:38:55-05:00', 1622990335],
    ['2021-06-06T14:38:55,5Z', 1622990335.5],
    ['2021-06-06T14:38:55+0000', 1622990335],
    ['2021-13-06T09:38:55Z', NaN],
    ['2021-06-06T09:38:5xZ', NaN],
    ['2021-06-06T09:38:55.Z', NaN],
    ['2021-06-06T09:38:55.5 o’clock', NaN],
    ['2021-06-06T09:38:55+02:0', NaN],
    ['6/6/2021', NaN],
    ['2011/08/10 09:46:53.047277', 1312969613.047277],
    ['2011/08-10 09:46:53', NaN],
    ['2021-04-31T09:38:55Z', NaN],
    ['2021-02-29T09:38:55Z', NaN],
    ['2020-02-29T00:00:00Z', 1582934400],
    ['2021-06-06T24:00:00Z', NaN],
    ['2021-06-06T09:38:55+15:00', NaN],
  ])('%s', (text, seconds) => {
    expect(isoSeconds(text)).toBe(seconds);
  });
});

describe('addresses', () => {
  it.each([
    ['10.1.2.3', 'private'],
    ['172.31.0.1', 'private'],
    ['172.32.0.1', 'public'],
    ['192.168.0.1', 'private'],
    ['192.167.0.1', 'public'],
    ['100.64.0.1', 'private'],
    ['169.254.9.9', 'private'],
    ['224.0.0.251', 'group'],
    ['255.255.255.255', 'group'],
    ['0.0.0.0', 'group'],
    ['FE80::1', 'private'],
    ['fd12::1', 'private'],
    ['ff02::fb', 'group'],
    ['2001:db8::1', 'public'],
    ['::ffff:10.0.0.1', 'private'],
  ])('%s is %s', (address, expected) => {
    expect(addressClass(address)).toBe(expected);
  });
});

describe('weak labels', () => {
  const alert = (signature: string, severity: number | null) => ({
    signature,
    severity,
    signatureId: null,
    category: null,
    action: null,
  });

  it('are the worst alert of a flow, once', () => {
    const labels = new WeakLabels();
    labels.note('1', alert('odd', 3));
    labels.note('1', alert('bad', 1));
    labels.note('1', alert('odd', 2));
    expect(labels.take('1')?.signature).toBe('bad');
    expect(labels.take('1')).toBeNull();
    expect(labels.take(null)).toBeNull();
  });

  it('are kept of so many flows only', () => {
    const labels = new WeakLabels(2);
    ['1', '2', '3'].forEach((uid) => labels.note(uid, alert(uid, null)));
    expect([labels.take('1'), labels.take('3')?.signature]).toEqual([null, '3']);
  });
});
