import { dayStart, jitterMs, nextDay, Timetable } from './timetable.js';

const at = (text: string): Date => new Date(text);

describe('a timetable', () => {
  const nightly = new Timetable('17 2 * * *', 'UTC');

  it('has its next slot strictly behind the moment', () => {
    expect(nightly.next(at('2026-03-01T02:16:59.999Z'))).toEqual(at('2026-03-01T02:17:00Z'));
    expect(nightly.next(at('2026-03-01T02:17:00Z'))).toEqual(at('2026-03-02T02:17:00Z'));
  });

  it('takes six fields, the first of them seconds', () => {
    const often = new Timetable('*/3 * * * * *', 'UTC');
    expect(often.next(at('2026-03-01T00:00:58Z'))).toEqual(at('2026-03-01T00:01:00Z'));
  });

  it('knows the last of several slots, and of none that there is none', () => {
    const hourly = new Timetable('0 * * * *', 'UTC');
    const from = at('2026-03-01T00:30:00Z');
    expect(hourly.latest(from, at('2026-03-01T05:30:00Z'))).toEqual(at('2026-03-01T05:00:00Z'));
    expect(hourly.latest(from, at('2026-03-01T01:00:00Z'))).toEqual(at('2026-03-01T01:00:00Z'));
    expect(hourly.latest(from, at('2026-03-01T00:59:59Z'))).toBeNull();
  });

  describe('in a zone with summer time', () => {
    const berlin = new Timetable('30 2 * * *', 'Europe/Berlin');

    it('comes with the change of the clocks where its time is left out', () => {
      expect(berlin.next(at('2026-03-28T12:00:00Z'))).toEqual(at('2026-03-29T01:00:00Z'));
      expect(berlin.next(at('2026-03-29T01:00:00Z'))).toEqual(at('2026-03-30T00:30:00Z'));
    });

    it('comes once where its time comes twice', () => {
      expect(berlin.next(at('2026-10-24T12:00:00Z'))).toEqual(at('2026-10-25T00:30:00Z'));
      expect(berlin.next(at('2026-10-25T00:30:00Z'))).toEqual(at('2026-10-26T01:30:00Z'));
    });
  });
});

describe('a local day', () => {
  it.each([
    ['Europe/Berlin', '2026-07-01T21:59:59Z', '2026-06-30T22:00:00Z', '2026-07-01T22:00:00Z'],
    ['Europe/Berlin', '2026-07-01T22:00:00Z', '2026-07-01T22:00:00Z', '2026-07-02T22:00:00Z'],
    ['Europe/Berlin', '2026-10-25T22:59:00Z', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'],
    ['America/Los_Angeles', '2026-01-01T07:00:00Z', '2025-12-31T08:00:00Z', '2026-01-01T08:00:00Z'],
    ['UTC', '2026-01-01T00:00:00.001Z', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'],
  ])('in %s at %s began at %s', (zone, moment, start, end) => {
    expect([dayStart(at(moment), zone), nextDay(at(moment), zone)]).toEqual([at(start), at(end)]);
  });
});

describe('the jitter', () => {
  const slot = at('2026-03-01T02:17:00Z');

  it('is the same for every process, and another for each detector and slot', () => {
    const jitter = jitterMs('tiny', slot, 3600);
    expect(jitterMs('tiny', new Date(slot), 3600)).toBe(jitter);
    expect(jitterMs('other', slot, 3600)).not.toBe(jitter);
    expect(jitterMs('tiny', at('2026-03-02T02:17:00Z'), 3600)).not.toBe(jitter);
  });

  it('is spread evenly below its limit', () => {
    const slots = Array.from({ length: 1000 }, (_, day) => new Date(slot.getTime() + day * 86_400_000));
    const jitters = slots.map((moment) => jitterMs('tiny', moment, 60));
    expect(Math.max(...jitters)).toBeLessThan(60_000);
    expect(Math.min(...jitters)).toBeGreaterThanOrEqual(0);
    const mean = jitters.reduce((sum, jitter) => sum + jitter, 0) / jitters.length;
    expect(Math.abs(mean - 30_000)).toBeLessThan(2000);
  });

  it('is none where none is asked for', () => {
    expect(jitterMs('tiny', slot, 0)).toBe(0);
  });
});
