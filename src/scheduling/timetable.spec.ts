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

/** Offset of a zone's clocks at a moment, in minutes. */
function offsetOf(format: Intl.DateTimeFormat, moment: number): number {
  const parts = new Map(format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
  const [year, month, day, hour, minute] = ['year', 'month', 'day', 'hour', 'minute'].map((name) =>
    parts.get(name as Intl.DateTimeFormatPartTypes)!,
  );
  return Math.round((Date.UTC(year, month - 1, day, hour, minute) - moment) / 60_000);
}

/** The hours of 2026 in which a zone's clocks are changed, and how: zones that are equal in this have equal slots. */
function changesOf(timeZone: string): { readonly key: string; readonly moments: readonly number[] } {
  const numeric = '2-digit' as const;
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    ...{ year: 'numeric', month: numeric, day: numeric, hour: numeric, minute: numeric },
  });
  const offset = (moment: number): number => offsetOf(format, moment);
  const [start, end] = [Date.UTC(2026, 0, 1), Date.UTC(2027, 0, 1)];
  const changes: string[] = [`${offset(start)}`];
  const moments: number[] = [];
  // No zone changes its clocks twice within a week.
  for (let week = start; week < end; week += 7 * dayMs) {
    if (offset(week) === offset(week + 7 * dayMs)) continue;
    let hour = week;
    while (offset(hour) === offset(hour + hourMs)) hour += hourMs;
    moments.push(hour);
    changes.push(`${hour} ${offset(hour + hourMs)}`);
  }
  return { key: changes.join(), moments };
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

describe('the slots of a year, in every time zone that is known', () => {
  const zones = Intl.supportedValuesOf('timeZone').map((zone) => ({ zone, ...changesOf(zone) }));
  const different = [...new Map(zones.map((zone) => [zone.key, zone])).values()];
  const changing = different.filter(({ moments }) => moments.length > 0);

  /** Every slot between two moments; each search for one must lead forward. */
  function walk(timetable: Timetable, from: number, to: number): number[] {
    const slots: number[] = [];
    for (let slot = timetable.next(new Date(from)); slot.getTime() <= to; slot = timetable.next(slot)) {
      if (slot.getTime() <= (slots.at(-1) ?? from)) throw new Error(`${slot.toISOString()} leads back`);
      slots.push(slot.getTime());
    }
    return slots;
  }

  it('are all there where the clocks are changed, each half an hour', () => {
    expect(changing.length).toBeGreaterThan(10);
    for (const { zone, moments } of changing) {
      const timetable = new Timetable('*/30 * * * *', zone);
      for (const moment of moments) {
        const slots = walk(timetable, moment - 3 * hourMs, moment + 5 * hourMs);
        expect([zone, slots.length]).toEqual([zone, 16]);
        walk(new Timetable('0 * * * *', zone), moment - 3 * hourMs, moment + 5 * hourMs);
      }
    }
  });

  it('are one a day, for a time that some nights leave out or have twice', () => {
    for (const { zone } of changing) {
      for (const expression of ['0 0 * * *', '30 2 * * *']) {
        const slots = walk(new Timetable(expression, zone), Date.UTC(2026, 0, 1), Date.UTC(2027, 0, 1));
        expect([zone, slots.length]).toEqual([zone, 365]);
        const gaps = slots.slice(1).map((slot, i) => (slot - slots[i]) / hourMs);
        expect(Math.min(...gaps)).toBeGreaterThanOrEqual(22);
        expect(Math.max(...gaps)).toBeLessThanOrEqual(26);
      }
    }
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
