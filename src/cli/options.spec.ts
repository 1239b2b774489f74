import { Command, CommanderError } from 'commander';
import {
  commaList,
  moment,
  momentAhead,
  number,
  type PageOptions,
  pageOptions,
  wholeNumber,
} from './options.js';

describe('a list separated by commas', () => {
  it.each([
    ['a,b', ['a', 'b']],
    [' a , b,', ['a', 'b']],
    ['a', ['a']],
    ['', []],
    [' , ', []],
  ])('%j', (text, names) => {
    expect(commaList(text)).toEqual(names);
  });
});

describe('a number', () => {
  it.each([
    ['0.98', 0.98],
    ['-1e-3', -0.001],
    ['0', 0],
  ])('%s', (text, value) => {
    expect(number(text)).toBe(value);
  });

  it.each(['', ' ', 'much', '1,5', 'Infinity', 'NaN'])('is not %j', (text) => {
    expect(() => number(text)).toThrow('must be a number');
  });
});

describe('a moment', () => {
  it.each([
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['2026-03-01T12:30:00+02:00', '2026-03-01T10:30:00.000Z'],
  ])('%s', (text, iso) => {
    expect(moment(text).toISOString()).toBe(iso);
  });

  it.each(['', '1', 'yesterday', '2026', '2026-13-01', '2026-03-01T25:00'])('is not %j', (text) => {
    expect(() => moment(text)).toThrow('must be a time');
  });
});

describe('a whole number', () => {
  it.each([
    ['1', 1],
    ['200', 200],
    ['007', 7],
  ])('%s', (text, value) => {
    expect(wholeNumber(1, 200)(text)).toBe(value);
  });

  it.each(['0', '201', '-1', '1.5', '1e2', '0x10', '', ' 1', 'two', '٣'])('is not %j', (text) => {
    expect(() => wholeNumber(1, 200)(text)).toThrow('must be a whole number from 1 to 200');
  });

  it('is not one that JavaScript cannot tell from its neighbour', () => {
    expect(wholeNumber(0)('9007199254740991')).toBe(9_007_199_254_740_991);
    expect(() => wholeNumber(0)('9007199254740993')).toThrow('whole number');
  });
});

describe('a moment ahead', () => {
  it('is so many days from now, or a date', () => {
    const inDays = (momentAhead('90d').getTime() - Date.now()) / 86_400_000;
    expect(inDays).toBeCloseTo(90, 3);
    expect(momentAhead('2999-01-31').toISOString()).toBe('2999-01-31T00:00:00.000Z');
  });

  it.each(['', '0d', '-1d', '1.5d', '90', 'tomorrow', '2001-01-31', '99999999d'])('is not %j', (text) => {
    expect(() => momentAhead(text)).toThrow('must be a time from now');
  });
});

describe('the options of a list', () => {
  const parse = (...args: string[]): PageOptions =>
    pageOptions(new Command('list'))
      .exitOverride()
      .configureOutput({ writeErr: () => undefined })
      .parse(args, { from: 'user' })
      .opts<PageOptions>();

  it('are the first page of twenty by default', () => {
    expect(parse()).toEqual({ page: 1, pageSize: 20 });
    expect(parse('--page', '3', '--page-size', '50', '--json')).toEqual({
      page: 3,
      pageSize: 50,
      json: true,
    });
  });

  it.each([
    ['--page', '0'],
    ['--page-size', '201'],
    ['--size', '5'],
  ])('refuse %s %s', (...args) => {
    expect(() => parse(...args)).toThrow(CommanderError);
  });
});
