import type { Snapshot } from '../detector/dataset.js';
import { tinyContract } from '../detector/fixtures/tiny-contract.js';
import { Matrix } from '../ml/matrix.js';
import { profileMatrix, type ReferenceProfile } from '../ml/reference-profile.js';
import validate from './validate.task.js';
import type { ValidationReport } from './validation-report.js';

const contract = tinyContract();
const context = { onProgress: () => undefined };

/** `count` rows with 20 different feature vectors, half of them threats. */
function snapshotOf(count: number, change: (row: number[], i: number) => number[] = (row) => row): Snapshot {
  const rows = Array.from({ length: count }, (_, i) => change([(i % 2) * 2 - 1, i % 20, i % 3], i));
  return {
    detector: 'tiny',
    x: Matrix.fromRows(rows),
    y: Uint8Array.from(rows, (_, i) => i % 2),
    fingerprint: 'f00d',
  };
}

function report(snapshot: Snapshot, reference: ReferenceProfile | null = null): ValidationReport {
  return validate({ contract, snapshot, reference }, context);
}

function statusOf({ checks }: ValidationReport, name: string): string | undefined {
  return checks.find((check) => check.name === name)?.status;
}

describe('validating a snapshot', () => {
  it('passes data that fulfils the contract', () => {
    const passed = report(snapshotOf(40));
    expect(passed).toMatchObject({
      detector: 'tiny',
      fingerprint: 'f00d',
      status: 'passed',
      rows: 40,
      threats: 20,
    });
    expect(passed.checks.map(({ name, column }) => [name, column])).toEqual([
      ['rows', undefined],
      ['threat-share', undefined],
      ['conflict-share', undefined],
      ['missing-share', 'having_IP'],
      ['missing-share', 'duration'],
      ['missing-share', 'protocol'],
    ]);
    expect(passed.drift).toBeNull();
  });

  it('counts rows whose features and label were there before', () => {
    expect(report(snapshotOf(60)).duplicates).toBe(0); // 60 is the period of the three columns
    expect(report(snapshotOf(70)).duplicates).toBe(10);
  });

  it('is as bad as its worst check', () => {
    const gaps = report(
      snapshotOf(40, ([ip, duration, protocol], i) => [ip, i % 4 ? duration : NaN, protocol]),
    );
    expect([gaps.status, statusOf(gaps, 'domain')]).toEqual(['warned', undefined]);
    const foreign = report(snapshotOf(40, ([, duration, protocol]) => [7, duration, protocol]));
    expect([foreign.status, statusOf(foreign, 'domain'), statusOf(foreign, 'constant')]).toEqual([
      'failed',
      'failed',
      'warned',
    ]);
    expect(report(snapshotOf(10)).status).toBe('failed');
  });

  it('finds vectors that carry both labels', () => {
    const blurred = report(snapshotOf(40, (_, i) => [1, i >> 1, 0]));
    expect(statusOf(blurred, 'conflict-share')).toBe('failed');
    expect(blurred.duplicates).toBe(0);
  });

  it("compares with the champion's reference where there is one", () => {
    const specs = contract.features.map(({ name }) => ({ name }));
    const before = snapshotOf(300);
    const reference = profileMatrix(specs, before.x, before.y);
    const same = report(snapshotOf(240), reference);
    expect([statusOf(same, 'drift-share'), same.drift?.numberOfDriftedColumns]).toEqual(['passed', 0]);
    const moved = report(
      snapshotOf(240, (_, i) => [i % 20 ? 1 : -1, 90 + (i % 10), 2]),
      reference,
    );
    expect([statusOf(moved, 'drift-share'), moved.drift?.numberOfDriftedColumns]).toEqual(['warned', 3]);
    expect(moved.drift?.driftByColumns.duration).toMatchObject({ driftDetected: true, direction: 'up' });
  });

  it('leaves the snapshot as it is', () => {
    const snapshot = snapshotOf(40);
    report(snapshot);
    expect(snapshot).toEqual(snapshotOf(40));
  });
});
