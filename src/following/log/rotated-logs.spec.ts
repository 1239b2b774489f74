import { isRotated, rotatedLogs } from './rotated-logs.js';

describe('names of rotated logs', () => {
  it.each([
    'eve.json.1',
    'eve.json.12.gz',
    'eve.json-20260314',
    'eve.json-20260314-1773500000.gz',
    'eve-2026-03-14-10.json',
    'eve.2026-03-14_10:00.json.gz',
  ])('are known: %s', (name) => expect(isRotated(name, 'eve.json')).toBe(true));

  it.each([
    'eve.json',
    'eve.json.gz',
    'eve.json.bak',
    'eve-alerts.json',
    'eve.json.1.bz2',
    'eve2.json',
    'fast.log.1',
  ])('are not taken for others: %s', (name) => expect(isRotated(name, 'eve.json')).toBe(false));

  it('are known of a log without an extension', () => {
    expect([isRotated('conn.1', 'conn'), isRotated('conn-dns.1', 'conn')]).toEqual([true, false]);
  });

  it('are none in a folder that is not there', async () => {
    expect(await rotatedLogs('/nowhere/at/all/eve.json')).toEqual([]);
  });
});
