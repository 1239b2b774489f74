import { fitsOf, halvingSchedule, randomSchedule } from './halving.js';

const endless = Infinity;

describe('the schedule of a random search', () => {
  it('measures in full as many trials as there are fits for', () => {
    expect(randomSchedule({ fits: 24, combinations: endless, folds: 5 })).toEqual([
      { trials: 4, share: 1, folds: 5 },
    ]);
    expect(randomSchedule({ fits: 24, combinations: 3, folds: 5 })).toEqual([
      { trials: 3, share: 1, folds: 5 },
    ]);
  });

  it('is empty where one trial takes more fits than there are', () => {
    expect(randomSchedule({ fits: 4, combinations: endless, folds: 5 })).toEqual([]);
  });
});

describe('the schedule of successive halving', () => {
  const size = { combinations: endless, folds: 5, rows: 7000, factor: 3, minResources: 2000 };

  it('goes from few rows over all rows of one fold to all folds, a third of the trials each time', () => {
    const rungs = halvingSchedule({ ...size, fits: 60 });
    expect(rungs).toEqual([
      { trials: 33, share: 1 / 3, folds: 1 },
      { trials: 11, share: 1, folds: 1 },
      { trials: 4, share: 1, folds: 5 },
    ]);
    expect(fitsOf(rungs)).toBe(33 + 11 + 4 * 4);
  });

  it('begins with fewer rows where there are more of them, never with less than the fewest', () => {
    const shares = (rows: number): number[] =>
      halvingSchedule({ ...size, rows, fits: 500 }).map(({ share }) => share);
    expect(shares(100_000)).toEqual([1 / 27, 1 / 9, 1 / 3, 1, 1].map((share) => expect.closeTo(share, 12)));
    expect(shares(5999)).toEqual([1, 1]);
    expect(shares(6000)).toEqual([1 / 3, 1, 1]);
  });

  it('takes no more fits than it may, for any number of them', () => {
    for (let fits = 1; fits <= 300; fits++) {
      const rungs = halvingSchedule({ ...size, fits });
      expect(fitsOf(rungs)).toBeLessThanOrEqual(fits);
      expect(rungs.length > 0).toBe(fits >= 5);
      if (rungs.length > 0) expect(rungs.at(-1)).toMatchObject({ share: 1, folds: 5 });
    }
  });

  it('measures all combinations in full where there are fits for that', () => {
    expect(halvingSchedule({ ...size, combinations: 6, fits: 30 })).toEqual([
      { trials: 6, share: 1, folds: 5 },
    ]);
    expect(halvingSchedule({ ...size, combinations: 6, fits: 29 })[0]).toEqual({
      trials: 6,
      share: 1,
      folds: 1,
    });
  });

  it('begins on the last rung with fewer trials than it takes to drop one', () => {
    expect(halvingSchedule({ ...size, fits: 5 })).toEqual([{ trials: 1, share: 1, folds: 5 }]);
    expect(halvingSchedule({ ...size, fits: 60, factor: 10 }).map(({ trials }) => trials)).toEqual([40, 4]);
  });
});
