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
    ['history', 5, 'history is 5, not a text'],
    ['ts', 'yesterday', 'ts is "yesterday", not a time'],
    ['proto', '-', 'proto is missing'],
    ['id_resp_h', undefined, 'id_resp_h is missing'],
  ])('refuses %s of %p', (field, value, message) => {
    expect(() => parseFlow(values({ [field]: value }))).toThrow(message);
  });

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
