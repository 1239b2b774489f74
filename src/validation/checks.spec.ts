import type { Feature } from '../detector/contract.js';
import type { Snapshot } from '../detector/dataset.js';
import { tinyContract } from '../detector/fixtures/tiny-contract.js';
import type { DriftTable } from '../ml/drift.js';
import { Matrix } from '../ml/matrix.js';
import { checkColumn, checkConflicts, checkDrift, checkLabels, checkRowCount } from './checks.js';

const { features, validation: rules } = tinyContract();
const [ip, duration, protocol] = features;

function snapshot(labels: readonly number[]): Snapshot {
  return { detector: 'tiny', x: new Matrix(labels.length, 3), y: Uint8Array.from(labels), fingerprint: '' };
}

describe('the number of rows', () => {
  it.each([
    [20, 'passed'],
    [19, 'failed'],
  ])('%d of at least 20: %s', (rows, status) => {
    expect(checkRowCount(snapshot(new Array<number>(rows).fill(0)), rules)).toEqual({
      name: 'rows',
      status,
      message: `${rows} rows, at least 20 are needed`,
      observed: rows,
      limit: 20,
    });
  });
});

describe("the threats' share", () => {
  it.each([
    [[1, 0, 0, 0, 0], 'passed', 0.2, 0.8],
    [[1, 1, 1, 1, 0], 'passed', 0.8, 0.8],
    [[1, 0, 0, 0, 0, 0], 'failed', 1 / 6, 0.2],
    [[1, 1, 1, 1, 1, 0], 'failed', 5 / 6, 0.8],
  ])('of %j, between 0.2 and 0.8: %s', (labels, status, observed, limit) => {
    expect(checkLabels(snapshot(labels), rules)).toMatchObject({
      name: 'threat-share',
      status,
      observed,
      limit,
    });
  });

  it('fails with one label only, whatever the contract allows', () => {
    const lax = { ...rules, threatShare: { min: 0, max: 1 } };
    expect(checkLabels(snapshot([0, 0]), lax).status).toBe('failed');
    expect(checkLabels(snapshot([1, 1]), lax).status).toBe('failed');
    expect(checkLabels(snapshot([1, 0]), lax).status).toBe('passed');
  });

  it('says what it found', () => {
    expect(checkLabels(snapshot([1, 0, 0, 0, 0, 0, 0, 0]), rules).message).toBe(
      '12.5 % of the rows are threats, expected 20.0 % to 80.0 %',
    );
  });
});

describe('a column', () => {
  const check = (feature: Feature, values: readonly number[]): ReturnType<typeof checkColumn> =>
    checkColumn(feature, Float64Array.from(values), rules);

  it('that is whole and within its domain passes', () => {
    expect(check(ip, [-1, 0, 1])).toEqual([
      {
        name: 'missing-share',
        column: 'having_IP',
        status: 'passed',
        message: '0.0 % missing',
        observed: 0,
        limit: 0.1,
      },
    ]);
  });

  it.each([
    [[NaN, 1, -1, 1, 1, 1, 1, 1, 1, 1], 'passed', 0.1],
    [[NaN, 1, -1, 1, 1, 1, 1, 1, 1], 'warned', 0.1],
    [[NaN, NaN, -1, 1], 'warned', 0.1],
    [[NaN, NaN, NaN, 1, -1], 'failed', 0.5],
  ])('with gaps (%j), warned from 0.1 and failed from 0.5: %s', (values, status, limit) => {
    expect(check(ip, values)).toEqual([expect.objectContaining({ name: 'missing-share', status, limit })]);
  });

  it.each([
    [
      'a value that is not listed',
      ip,
      [1, -1, 2, 3, 2],
      '3 rows hold values that the contract does not allow (2, 3)',
      3,
    ],
    [
      'a fraction among integers',
      ip,
      [1, 0.5],
      '1 rows hold values that the contract does not allow (0.5)',
      1,
    ],
    [
      'a value out of range',
      duration,
      [-1, 100, 101],
      '2 rows hold values that the contract does not allow (-1, 101)',
      2,
    ],
    [
      'an unknown category',
      protocol,
      [0, -1, 2],
      '1 rows hold values that the contract does not allow (-1)',
      1,
    ],
  ])('with %s fails', (_, feature, values, message, observed) => {
    expect(check(feature, values)).toContainEqual({
      name: 'domain',
      column: feature.name,
      status: 'failed',
      message,
      observed,
      limit: 0,
    });
  });

  it('shows at most five of its foreign values', () => {
    const [, domain] = check(ip, [2, 3, 4, 5, 6, 7]);
    expect(domain.message).toContain('6 rows');
    expect(domain.message).toContain('(2, 3, 4, 5, 6)');
  });

  it('with one value only is warned of', () => {
    const constant = {
      name: 'constant',
      column: 'duration',
      status: 'warned',
      message: 'holds one value only',
    };
    expect(check(duration, [5, 5, 5])).toContainEqual(constant);
    expect(check(duration, [5, NaN, 5, 5, 5, 5, 5, 5, 5, 5])).toContainEqual(constant);
    expect(check(duration, [5, 6])).toHaveLength(1);
  });
});

describe('rows that contradict each other', () => {
  it.each([
    ['no', [1, 0, 1, 0], [0, 1, 0, 1], 'passed', 0],
    [
      'two of twenty',
      [1, 0, ...new Array<number>(18).fill(0)],
      [0, 0, ...Array.from({ length: 18 }, (_, i) => i + 1)],
      'passed',
      0.1,
    ],
    ['three of eight', [1, 0, 0, 0, 0, 0, 1, 1], [0, 0, 0, 1, 2, 3, 4, 5], 'warned', 0.375],
    ['two of four', [1, 0, 1, 0], [0, 0, 1, 2], 'failed', 0.5],
  ])('%s rows', (_, labels, groups, status, observed) => {
    expect(checkConflicts(snapshot(labels), Int32Array.from(groups), rules)).toMatchObject({
      name: 'conflict-share',
      status,
      observed,
    });
  });

  it('are counted', () => {
    expect(checkConflicts(snapshot([1, 0, 1, 0]), Int32Array.of(0, 0, 1, 2), rules).message).toBe(
      '2 rows (50.0 %) have a feature vector that carries both labels',
    );
  });
});

describe("drift against the champion's reference", () => {
  const table = (drifted: number, enough = true): DriftTable =>
    ({
      numberOfColumns: 4,
      numberOfDriftedColumns: drifted,
      shareOfDriftedColumns: drifted / 4,
      enough,
    }) as DriftTable;

  it.each([
    [1, 'passed'],
    [2, 'warned'],
    [4, 'warned'],
  ])('of %d of 4 columns, warned from half of them: %s', (drifted, status) => {
    expect(checkDrift(table(drifted), rules)).toEqual({
      name: 'drift-share',
      status,
      message: `${drifted} of 4 columns drifted against the champion's reference`,
      observed: drifted / 4,
      limit: 0.5,
    });
  });

  it('is not judged on too few rows', () => {
    expect(checkDrift(table(4, false), rules)).toMatchObject({
      status: 'passed',
      message: "too few rows to compare with the champion's reference",
    });
  });
});
