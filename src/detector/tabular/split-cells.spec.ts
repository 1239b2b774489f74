import type { SplitColumn } from '../contract.js';
import { tinyContract } from '../fixtures/tiny-contract.js';
import { CellFault, missingMarkers } from './cells.js';
import { parseTime, splitCellParser } from './split-cells.js';

const isMissing = missingMarkers(tinyContract());
const parserOf = (holds: SplitColumn['holds']): ((cell: unknown) => unknown) =>
  splitCellParser({ name: 'c', holds, path: [] }, isMissing);

describe('a time', () => {
  it.each([
    ['2016-07-13T22:42:07Z', 1468449727],
    ['2016-07-13 22:42:07.250', 1468449727.25],
    ['2016-07-13T22:42:07.573103+0000', 1468449727.573],
    ['2016-07-14T00:42:07+02:00', 1468449727],
    [' 2016-07-13T22:42z ', 1468449720],
    ['2016-07-13', 1468368000],
    ['1300475167.096535', 1300475167.096535],
    [1468449727, 1468449727],
    ['1468449727250', 1468449727.25],
    ['1.468449727e9', 1468449727],
    [0, 0],
  ])('is read from %j', (cell, seconds) => {
    expect(parseTime(cell)).toBe(seconds);
  });

  it.each(['yesterday', '2016-13-01', '2016-02-03T25:00:00Z', '13/07/2016', '2016', true, {}])(
    'is not read from %j as a date',
    (cell) => {
      const seconds = parseTime(cell);
      // A bare year is a number like any other.
      expect(cell === '2016' ? seconds === 2016 : seconds === undefined).toBe(true);
    },
  );
});

describe('a cell of a split column', () => {
  it('is the text of a group, whether a CSV or a JSON has it', () => {
    expect([' Capture 7 ', '7', 7].map(parserOf('group'))).toEqual(['Capture 7', '7', '7']);
    expect(parserOf('group')({})).toEqual(new CellFault('is {}; it must be a text or a number'));
  });

  it('is a URL or a host as it was sent', () => {
    expect(['http://a.example/x ', '10.0.0.1'].map(parserOf('host'))).toEqual([
      'http://a.example/x',
      '10.0.0.1',
    ]);
    expect(parserOf('host')('a b')).toEqual(new CellFault('is "a b"; it must be a URL or a host'));
  });

  it('is a time in seconds', () => {
    expect(parserOf('time')('2016-07-13')).toBe(1468368000);
    expect(parserOf('time')('soon')).toEqual(
      new CellFault('is "soon"; it must be a time: ISO 8601, or seconds or milliseconds since 1970'),
    );
  });

  it.each(['group', 'host', 'time'] as const)('is never missing: %s', (holds) => {
    for (const cell of ['', '?', 'na', null, undefined])
      expect(parserOf(holds)(cell)).toEqual(new CellFault('is missing'));
  });
});
