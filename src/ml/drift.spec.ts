import {
  bandOf,
  binnedKolmogorovSmirnov,
  chiSquare,
  columnDrift,
  driftTable,
  kolmogorovSmirnov,
  populationStabilityIndex,
} from './drift.js';
import { Matrix } from './matrix.js';
import { Random } from './random.js';
import {
  type ColumnSpec,
  profileColumn,
  profileLike,
  profileMatrix,
  profileMatrixLike,
} from './reference-profile.js';

describe('populationStabilityIndex', () => {
  it('sums (c - r) ln(c / r) and raises empty shares to the floor', () => {
    expect(populationStabilityIndex([30, 50, 20, 0], [45, 40, 34, 1])).toBeCloseTo(0.14975362926930952, 14);
    expect(populationStabilityIndex([50, 50], [500, 500])).toBe(0);
    // (1 - 0.5) ln 2 + (0.01 - 0.5) ln(0.01 / 0.5)
    expect(populationStabilityIndex([1, 1], [2, 0], 0.01)).toBeCloseTo(
      0.5 * Math.LN2 + 0.49 * Math.log(50),
      14,
    );
  });

  it('refuses other bins and empty samples', () => {
    expect(() => populationStabilityIndex([1, 2], [1, 2, 3])).toThrow(RangeError);
    expect(() => populationStabilityIndex([1, 2], [0, 0])).toThrow(RangeError);
  });

  it('is read in three bands', () => {
    expect([0.09, 0.1, 0.25, 0.26].map(bandOf)).toEqual(['stable', 'moderate', 'moderate', 'large']);
  });
});

describe('kolmogorovSmirnov', () => {
  // prettier-ignore
  const a = [
    -1.76, -1.45, -1.38, -1.22, -1.11, -1.05, -0.81, -0.75, -0.69, -0.67, -0.63, -0.56, -0.54, -0.51, -0.51, -0.44,
    -0.38, -0.33, -0.3, -0.3, -0.21, -0.15, -0.14, -0.03, -0.02, 0.01, 0.01, 0.02, 0.07, 0.29, 0.34, 0.38, 0.45, 0.63,
    0.68, 0.73, 1.18, 1.34, 1.41, 1.65,
  ];
  // prettier-ignore
  const b = [
    -2.03, -1.53, -1.47, -1.16, -1.0, -0.87, -0.72, -0.53, -0.18, -0.05, 0.21, 0.33, 0.49, 0.55, 0.55, 0.81, 1.09, 1.15,
    1.44, 1.48, 1.5, 1.51, 1.53, 1.55, 1.61, 1.64, 1.66, 2.28, 2.32, 2.75,
  ];

  it('gives scipy’s statistic and, within the asymptotics, its p-value', () => {
    const { statistic, pValue } = kolmogorovSmirnov(a, b);
    expect(statistic).toBeCloseTo(0.425, 12);
    // ks_2samp: 0.00284 exact, 0.00266 asymptotic
    expect(pValue).toBeGreaterThan(0.0025);
    expect(pValue).toBeLessThan(0.003);
  });

  it('gives the same on ties in bins', () => {
    const counts = [
      [42, 42, 31, 48, 37, 0],
      [0, 30, 31, 25, 27, 37],
    ];
    const [x, y] = counts.map((bins) => bins.flatMap((count, value) => new Array<number>(count).fill(value)));
    const binned = binnedKolmogorovSmirnov(counts[0], counts[1]);
    expect(binned.statistic).toBeCloseTo(0.2466666666666667, 12);
    expect(binned.statistic).toBeCloseTo(kolmogorovSmirnov(x, y).statistic, 12);
    expect(binned.pValue).toBeCloseTo(4.2851911906772574e-5, 5);
  });

  it('finds samples apart and samples equal', () => {
    expect(kolmogorovSmirnov([1, 2], [3, 4]).statistic).toBe(1);
    expect(kolmogorovSmirnov([1, 2], [1, 2])).toEqual({ statistic: 0, pValue: 1 });
    expect(() => kolmogorovSmirnov([], [1])).toThrow(RangeError);
  });
});

describe('chiSquare', () => {
  it('gives scipy’s chi2_contingency without correction', () => {
    const { statistic, pValue } = chiSquare([30, 50, 20, 0], [45, 40, 35, 0]);
    expect(statistic).toBeCloseTo(6.43703703703704, 12);
    expect(pValue).toBeCloseTo(0.04001429480764793, 12);
  });
});

const normal = (rows: number, seed: number, shift = 0): Float64Array => {
  const random = new Random(seed);
  const gaussian = (): number =>
    Math.sqrt(-2 * Math.log(1 - random.float())) * Math.cos(2 * Math.PI * random.float());
  return Float64Array.from({ length: rows }, () => gaussian() + shift);
};

const codes = (rows: number, seed: number, shares: readonly number[]): Float64Array => {
  const random = new Random(seed);
  return Float64Array.from({ length: rows }, () => {
    let left = random.float();
    return shares.findIndex((share) => (left -= share) < 0);
  });
};

describe('columnDrift', () => {
  const reference = profileColumn({ name: 'length' }, normal(2000, 1));

  it('leaves alone what did not move', () => {
    const { driftScore, ...rest } = columnDrift(reference, profileLike(reference, normal(1000, 2)));
    expect(rest).toMatchObject({
      statTestName: 'ks',
      driftDetected: false,
      band: 'stable',
      direction: 'none',
    });
    expect(driftScore).toBeLessThan(0.05);
  });

  it('finds a shift and its direction', () => {
    const up = columnDrift(reference, profileLike(reference, normal(500, 3, 0.5)));
    expect(up).toMatchObject({ driftDetected: true, band: 'moderate', direction: 'up' });
    const down = columnDrift(reference, profileLike(reference, normal(500, 3, -1)));
    expect(down).toMatchObject({ driftDetected: true, band: 'large', direction: 'down' });
  });

  it('measures D in bins within one bin’s share of the exact one', () => {
    const values = [normal(2000, 1), normal(700, 8, 0.3)];
    const exact = kolmogorovSmirnov(values[0].slice().sort(), values[1].slice().sort()).statistic;
    const { driftScore } = columnDrift(reference, profileLike(reference, values[1]));
    expect(driftScore).toBeLessThanOrEqual(exact + 1e-12);
    expect(exact - driftScore!).toBeLessThan(0.02);
  });

  it('does not call a small effect drift, however many rows prove it', () => {
    const large = profileColumn({ name: 'length' }, normal(200_000, 1));
    const moved = columnDrift(large, profileLike(large, normal(200_000, 2, 0.05)));
    expect(moved.pValue).toBeLessThan(1e-6);
    expect(moved.driftDetected).toBe(false);
  });

  it('does not call a large effect drift when it may be chance', () => {
    const few = profileColumn(
      { name: 'kind', values: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] },
      codes(110, 1, Array(10).fill(0.1)),
    );
    const again = columnDrift(few, profileLike(few, codes(110, 2, Array(10).fill(0.1))));
    expect(again.driftScore).toBeGreaterThan(0.1);
    expect(again.driftDetected).toBe(false);
  });

  it('flags nothing below the minimum of rows', () => {
    const moved = normal(99, 3, 2);
    expect(columnDrift(reference, profileLike(reference, moved))).toMatchObject({
      driftDetected: false,
      band: 'large',
    });
    expect(columnDrift(reference, profileLike(reference, moved), { minimumRows: 50 }).driftDetected).toBe(
      true,
    );
    expect(columnDrift(reference, profileLike(reference, []))).toMatchObject({
      driftScore: null,
      driftDetected: false,
    });
  });

  it('counts values that go missing, numeric and categorical', () => {
    const half = normal(1000, 2).map((value, i) => (i % 2 ? value : NaN));
    expect(columnDrift(reference, profileLike(reference, half))).toMatchObject({
      driftScore: 0.5,
      driftDetected: true,
    });
    const flags = profileColumn({ name: 'flag' }, codes(1000, 1, [0.5, 0.5]));
    const gone = columnDrift(flags, profileLike(flags, new Float64Array(200).fill(NaN)));
    expect(gone).toMatchObject({
      statTestName: 'psi',
      driftDetected: true,
      direction: 'none',
      band: 'large',
    });
    expect(gone.mostMoved).toEqual({ value: 'missing', reference: 0, current: 1 });
  });

  it('says which category moved, also one that was never seen', () => {
    const flags = profileColumn({ name: 'flag', values: [0, 1, 2] }, codes(1000, 1, [0.5, 0.3, 0.2]));
    const moved = columnDrift(flags, profileLike(flags, codes(1000, 2, [0.1, 0.35, 0.25, 0.3])));
    expect(moved).toMatchObject({ driftDetected: true, direction: 'up' });
    expect(moved.mostMoved!.value).toBe(0);
    const unseen = columnDrift(flags, profileLike(flags, new Float64Array(500).fill(9)));
    expect(unseen.mostMoved).toEqual({ value: 'other', reference: 0, current: 1 });
  });

  it('gives codes of names no direction', () => {
    const spec: ColumnSpec = { name: 'service', values: [0, 1, 2], ordered: false };
    const service = profileColumn(spec, codes(500, 1, [0.8, 0.1, 0.1]));
    expect(columnDrift(service, profileLike(service, codes(500, 2, [0.1, 0.1, 0.8])))).toMatchObject({
      driftDetected: true,
      direction: 'none',
    });
  });

  it('refuses profiles with other bins', () => {
    expect(() => columnDrift(reference, profileColumn({ name: 'length' }, normal(500, 2)))).toThrow(
      RangeError,
    );
  });
});

describe('profiles', () => {
  it('keep percentiles as values that occur, with the counts up to each', () => {
    const profile = profileColumn({ name: 'n', kind: 'numeric' }, [4, 1, NaN, 2, 3]);
    expect(profile).toEqual({
      kind: 'numeric',
      name: 'n',
      rows: 5,
      missing: 1,
      mean: 2.5,
      std: Math.sqrt(1.25),
      min: 1,
      max: 4,
      edges: [1, 2, 3, 4],
      counts: [1, 1, 1, 1, 0],
    });
    expect(profileLike(profile, [0, 2.5, 7])).toMatchObject({
      counts: [1, 0, 1, 0, 1],
      missing: 0,
      min: 0,
      max: 7,
    });
  });

  it('take up to five distinct values for categories', () => {
    expect(profileColumn({ name: 'c' }, [3, 1, 3, NaN])).toMatchObject({
      values: [1, 3],
      counts: [1, 2, 0],
      missing: 1,
    });
    expect(profileColumn({ name: 'c' }, [1, 2, 3, 4, 5, 6]).kind).toBe('numeric');
    expect(profileColumn({ name: 'c', kind: 'categorical' }, [1, 2, 3, 4, 5, 6]).kind).toBe('categorical');
  });
});

describe('driftTable', () => {
  const specs: ColumnSpec[] = [{ name: 'a' }, { name: 'b' }, { name: 'flag', values: [0, 1] }];
  const table = (rows: number, seed: number, shift: number, share: number): Matrix => {
    const x = new Matrix(rows, 3);
    x.column(0).set(normal(rows, seed, shift));
    x.column(1).set(normal(rows, seed + 1));
    x.column(2).set(codes(rows, seed + 2, [share, 1 - share]));
    return x;
  };
  const labels = (rows: number, every: number): Uint8Array =>
    Uint8Array.from({ length: rows }, (_, i) => (i % every === 0 ? 1 : 0));
  const reference = profileMatrix(specs, table(2000, 10, 0, 0.5), labels(2000, 2));

  it('counts the columns that drifted', () => {
    const drift = driftTable(reference, table(500, 20, 1, 0.1));
    expect(drift).toMatchObject({
      numberOfColumns: 3,
      numberOfDriftedColumns: 2,
      shareOfDriftedColumns: 2 / 3,
      datasetDrift: true,
      label: null,
      referenceRows: 2000,
      currentRows: 500,
      enough: true,
    });
    expect(
      Object.entries(drift.driftByColumns).map(([name, { driftDetected }]) => [name, driftDetected]),
    ).toEqual([
      ['a', true],
      ['b', false],
      ['flag', true],
    ]);
  });

  it('says when there are too few rows, and flags nothing', () => {
    const drift = driftTable(reference, table(60, 20, 3, 0));
    expect(drift).toMatchObject({ enough: false, numberOfDriftedColumns: 0, datasetDrift: false });
    expect(driftTable(reference, table(0, 20, 0, 0.5))).toMatchObject({ enough: false, currentRows: 0 });
  });

  it('compares label shares apart from the columns', () => {
    const now = profileMatrixLike(reference, table(600, 30, 0, 0.5), labels(600, 10));
    const drift = driftTable(reference, now);
    expect(drift.numberOfDriftedColumns).toBe(0);
    expect(drift.label).toMatchObject({ driftDetected: true, direction: 'down' });
    // benign (0) and threat (1) moved by the same share; the first is named
    expect(drift.label!.mostMoved).toMatchObject({ reference: 0.5 });
  });

  it('survives JSON', () => {
    const copy = JSON.parse(JSON.stringify(reference)) as typeof reference;
    expect(copy).toEqual(reference);
    expect(driftTable(copy, table(500, 20, 1, 0.1))).toEqual(driftTable(reference, table(500, 20, 1, 0.1)));
  });

  it('refuses another table', () => {
    expect(() => driftTable(reference, new Matrix(5, 2))).toThrow(RangeError);
    expect(() => driftTable(reference, { rows: 1, columns: [], label: null })).toThrow(RangeError);
  });
});
