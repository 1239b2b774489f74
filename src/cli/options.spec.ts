import { Command, CommanderError } from 'commander';
import { commaList, type PageOptions, pageOptions, wholeNumber } from './options.js';

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

describe('the options of a list', () => {
  const parse = (...args: string[]): PageOptions =>
    pageOptions(new Command('list'))
      .exitOverride()
      .configureOutput({ writeErr: () => undefined })
      .parse(args, { from: 'user' })
      .opts<PageOptions>();

  it('are the first page of twenty unless told', () => {
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
