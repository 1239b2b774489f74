import { tinyContract } from '../fixtures/tiny-contract.js';
import { CellFault, cellParser, labelParser, missingMarkers } from './cells.js';

const contract = tinyContract();
const [ip, duration, protocol] = contract.features.map((feature) =>
  cellParser(feature, missingMarkers(contract)),
);
const fault = (message: string): CellFault => new CellFault(message);

describe('cells of a listed integer', () => {
  it.each([
    ['1', 1],
    [' -1 ', -1],
    ['1.0', 1],
    ['+1e0', 1],
    [1, 1],
    [-0, 0],
    ['-0', 0],
  ])('takes %j as %d', (cell, value) => {
    expect(ip(cell)).toBe(value);
  });

  it.each([
    ['2', 'is 2; allowed are -1, 0, 1'],
    [0.5, 'is 0.5; it must be a whole number'],
    ['one', 'is "one"; it must be a number'],
    ['0x1', 'is "0x1"; it must be a number'],
    ['1 1', 'is "1 1"; it must be a number'],
    ['1e999', 'is "1e999"; it must be a number'],
    [true, 'is true; it must be a number'],
    [{ value: 1 }, 'is {"value":1}; it must be a number'],
    [[1], 'is [1]; it must be a number'],
    [NaN, 'is null; it must be a number'],
  ])('refuses %j', (cell, message) => {
    expect(ip(cell)).toEqual(fault(message));
  });

  it('cuts a long cell in its message', () => {
    expect(ip('x'.repeat(1000))).toEqual(fault(`is "${'x'.repeat(59)}…; it must be a number`));
  });
});

describe('cells of a number', () => {
  it('takes what lies in its range, both ends included', () => {
    expect([duration(0), duration('100'), duration('.5'), duration('2.5e1')]).toEqual([0, 100, 0.5, 25]);
  });

  it('stores -0 as 0', () => {
    expect(Object.is(duration(-0), 0)).toBe(true);
    expect(Object.is(duration('-0.0'), 0)).toBe(true);
  });

  it.each([-0.001, '100.5'])('refuses %j', (cell) => {
    expect(duration(cell)).toEqual(fault(`is ${cell}; it must lie between 0 and 100`));
  });

  it('has no domain unless the contract gives one', () => {
    const free = cellParser({ name: 'n', aliases: [], type: 'number', meaning: 'n' }, () => false);
    expect(free('-1e300')).toBe(-1e300);
  });
});

describe('cells of a category', () => {
  it('takes a value as the contract spells it', () => {
    expect(['tcp', ' UDP ', 'Icmp'].map((cell) => protocol(cell))).toEqual(['tcp', 'udp', 'icmp']);
  });

  it.each(['sctp', 'toString', '__proto__', 6, ['tcp'], {}])('refuses %j', (cell) => {
    expect(protocol(cell)).toEqual(fault(`is ${JSON.stringify(cell)}; allowed are tcp, udp, icmp`));
  });

  it('takes numbers and booleans for values that are written so', () => {
    const codes = cellParser(
      { name: 'c', aliases: [], type: 'category', meaning: 'c', values: { '1': 'one', true: 'yes' } },
      () => false,
    );
    expect([codes(1), codes('1.0'), codes(true), codes('TRUE')]).toEqual(['1', '1', 'true', 'true']);
  });
});

describe('missing cells', () => {
  it.each([null, undefined, '', '  ', '?', 'na', ' NA '])('%j is one', (cell) => {
    expect([ip(cell), duration(cell), protocol(cell)]).toEqual([null, null, null]);
  });

  it.each(['NaN', 'null', '-', 0, false])('%j is none unless the contract says so', (cell) => {
    expect(missingMarkers(contract)(cell)).toBe(false);
  });

  it('are the same in JSON as in CSV', () => {
    const isMissing = missingMarkers(tinyContract({ missing: [-1, false] }));
    expect([isMissing('-1'), isMissing(-1), isMissing('false'), isMissing(false)]).toEqual(
      new Array(4).fill(true),
    );
    expect([isMissing(1), isMissing(true), isMissing('')]).toEqual([false, false, false]);
  });
});

describe('labels', () => {
  const label = labelParser(contract.label);

  it.each([
    ['-1', 1],
    [-1, 1],
    ['-1.0', 1],
    ['Phishing', 1],
    ['1', 0],
    ['1.0', 0],
    [' 1 ', 0],
    ['LEGITIMATE', 0],
    ['legitimate.', 0],
  ])('%j stands for %d', (cell, expected) => {
    expect(label(cell)).toBe(expected);
  });

  it.each([0, '', null, true, [-1], 'malware'])('refuses %j', (cell) => {
    expect(label(cell)).toEqual(
      fault(`is ${JSON.stringify(cell)}; it must be -1, phishing (threat) or 1, legitimate (benign)`),
    );
  });

  it('refuses a label that is not there', () => {
    expect(label(undefined)).toEqual(
      fault('is undefined; it must be -1, phishing (threat) or 1, legitimate (benign)'),
    );
  });
});
