import { jest } from '@jest/globals';
import { figure, print, rowsWithInterval, table, withInterval } from './output.js';

describe('a table', () => {
  it('sets text to the left, numbers to the right, and a dash for nothing', () => {
    const text = table(
      ['metric', 'value', 'note'],
      [
        ['rocAuc', 1, 'good'],
        ['f1', 12345678, ''],
        ['longest name', null, null],
      ],
    );
    expect(text.split('\n')).toEqual([
      'metric        value     note',
      '------------  --------  ----',
      'rocAuc               1  good',
      'f1            12345678',
      'longest name  -         -',
    ]);
  });

  it('is a header where there are no rows', () => {
    expect(table(['a', 'bb'], [])).toBe('a  bb\n-  --');
  });
});

describe('figures', () => {
  it('have four decimals, or a dash', () => {
    expect([0.98765, 1, 0, null, undefined].map(figure)).toEqual(['0.9877', '1.0000', '0.0000', '-', '-']);
  });

  it('stand before their interval', () => {
    expect(withInterval(0.98, [0.97, 0.99])).toBe('0.9800 [0.9700, 0.9900]');
    expect(withInterval(0.98, null)).toBe('0.9800');
    expect(withInterval(null, undefined)).toBe('-');
    expect(rowsWithInterval(172, [159.6, 184.025])).toBe('172 [160, 184]');
    expect(rowsWithInterval(172, null)).toBe('172');
  });
});

describe('a result', () => {
  let written: string;

  beforeEach(() => {
    written = '';
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
      written += String(text);
      return true;
    });
  });
  afterEach(() => jest.restoreAllMocks());

  it('is one line of JSON for programs', () => {
    print({ run: 'a', version: null }, true, () => 'text');
    expect(written).toBe('{"run":"a","version":null}\n');
  });

  it('is text for people', () => {
    print({ version: 3 }, undefined, ({ version }) => `version ${version}`);
    expect(written).toBe('version 3\n');
  });
});
