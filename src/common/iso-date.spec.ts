import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { IsoDate, parseIsoDate } from './iso-date.js';

class Asked {
  @IsoDate()
  at!: Date;
}

describe('a moment of a request', () => {
  it.each([
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2026-03-01T09:30', '2026-03-01T09:30:00.000Z'],
    ['2026-03-01T09:30:15', '2026-03-01T09:30:15.000Z'],
    ['2026-03-01T09:30:15Z', '2026-03-01T09:30:15.000Z'],
    ['2026-03-01T09:30:15.5+02:00', '2026-03-01T07:30:15.500Z'],
    ['2026-03-01T23:59:59.123456789-00:30', '2026-03-02T00:29:59.123Z'],
  ])('is read from ISO 8601, in UTC where no zone is named: %s', (text, moment) => {
    expect(parseIsoDate(text)?.toISOString()).toBe(moment);
  });

  it.each([
    ...['', '4', '2026', '2026-3-1', '2026-02-29', '2026-04-31', '2026-13-01', '2026-00-10', '2026-01-00'],
    ...['2026-03-01T24:00', '2026-03-01T09:60', '2026-03-01T09:30:60', '2026-03-01 09:30', '2026-03-01T09'],
    ...['2026-03-01T09:30 02:00', '2026-03-01T09:30+25:00', '+02026-03-01', 'yesterday', '1 March 2026'],
    ...['2026-03-01\n', '２０２６-03-01', `2026-03-01T09:30:15.${'1'.repeat(1000)}Z`],
  ])('is not read from %j', (text) => {
    expect(parseIsoDate(text)).toBeNull();
  });

  it.each([4, 0, true, null, '4', [], ['2026-03-01'], {}, 'tomorrow'])(
    'is refused by name, with an example, as %j',
    (at) => {
      const [error] = validateSync(plainToInstance(Asked, { at }));
      expect(error.property).toBe('at');
      expect(Object.values(error.constraints!)).toEqual([
        'at must be a date or a date and time of ISO 8601, such as 2030-01-31T12:00:00Z',
      ]);
    },
  );

  it('becomes a Date', () => {
    const asked = plainToInstance(Asked, { at: '2026-03-01' });
    expect([asked.at, validateSync(asked)]).toEqual([new Date('2026-03-01T00:00:00Z'), []]);
  });
});
