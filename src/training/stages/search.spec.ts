import { setTimeout as wait } from 'node:timers/promises';
import type { WorkContext } from '../../compute/compute.service.js';
import {
  type Candidate,
  candidateSchema,
  type SearchOptions,
  searchSchema,
} from '../../detector/candidate.js';
import { metricNames, type Metrics } from '../../ml/metrics.js';
import { describeCandidate } from './candidate-result.js';
import type { CrossValidation } from './cross-validation.js';
import { bestTrial, plainTrial, type Trial } from './search.js';
import { searchCandidates } from './search-candidates.js';

const forest = candidateSchema.parse({
  name: 'forest',
  learner: 'random-forest',
  imputer: 'none',
  encoder: 'ordinal',
  options: { nEstimators: 50 },
  space: { nEstimators: { low: 1, high: 100, integer: true } },
});
const tree: Candidate = {
  ...forest,
  name: 'tree',
  space: { maxDepth: [1, 2, 3], criterion: ['gini', 'entropy'] },
};
const plainOnly: Candidate = { ...forest, name: 'plain', space: {} };

function metricsOf(rocAuc: number): Metrics {
  return { ...Object.fromEntries(metricNames.map((name) => [name, 0.5])), rocAuc } as unknown as Metrics;
}

interface Fit {
  readonly trees: number;
  readonly fold: number;
  readonly share: number;
}

/** Three folds of 9,000 rows. A candidate is worth its trees / 1000, unless `scoreOf` says otherwise. */
class FakeValidation {
  readonly folds = 3;
  readonly fitRows = 9000;
  readonly fits: Fit[] = [];
  scoreOf = ({ options }: Candidate): number => Number(options.nEstimators) / 1000;

  async fitFold(candidate: Candidate, fold: number, { signal }: WorkContext, share = 1): Promise<object> {
    await Promise.resolve();
    signal.throwIfAborted();
    this.fits.push({ trees: Number(candidate.options.nEstimators), fold, share });
    const metrics = metricsOf(this.scoreOf(candidate));
    return { metrics, fitMs: 2, probabilities: Float64Array.of(fold) };
  }
}

describe('a search', () => {
  let validation: FakeValidation;
  const plainOf = (candidate: Candidate): Trial => {
    const fold = {
      metrics: metricsOf(validation.scoreOf(candidate)),
      fitMs: 1,
      probabilities: Float64Array.of(9),
    };
    return plainTrial(candidate, [fold, fold, fold], 'rocAuc');
  };
  const search = (
    candidates: readonly Candidate[],
    options: Partial<SearchOptions>,
    { seed = 1, signal = new AbortController().signal } = {},
  ): ReturnType<typeof searchCandidates> =>
    searchCandidates(candidates.map(plainOf), {
      validation: validation as unknown as CrossValidation,
      selection: 'rocAuc',
      options: { ...searchSchema.parse({}), ...options },
      seed,
      parallel: 2,
      signal,
      step: (stop) => ({ signal: stop, onProgress: () => undefined }),
    });

  beforeEach(() => (validation = new FakeValidation()));

  it('is not made unless it is asked for', async () => {
    const { tried, report } = await search([forest, tree], { method: 'none' });
    expect([tried.map(({ length }) => length), report, validation.fits]).toEqual([[1, 1], null, []]);
  });

  it('at random measures as many trials on all folds as there are fits for', async () => {
    const { tried, report } = await search([forest], { method: 'random', maxFits: 20 });
    expect(tried[0].map(({ number, status, rung }) => [number, status, rung])).toEqual(
      [0, 1, 2, 3, 4, 5, 6].map((number) => [number, 'finished', 0]),
    );
    expect(validation.fits).toHaveLength(18);
    expect(validation.fits.every(({ share }) => share === 1)).toBe(true);
    expect(report).toMatchObject({ method: 'random', maxFits: 20, fits: 18, trials: 6, outOfTime: false });
    expect(report!.seconds).toBeLessThan(5);
  });

  it('by halving measures many on a third of the rows, a third of them on a fold, the best on all folds', async () => {
    const { tried, report } = await search([forest], { method: 'halving', maxFits: 40 });
    const first = validation.fits.filter(({ share }) => share < 1);
    const others = validation.fits.filter(({ share }) => share === 1);
    expect([...new Set(first.map(({ share, fold }) => [share, fold].join(' ')))]).toEqual([`${1 / 3} 0`]);
    expect([first.length, others.filter(({ fold }) => fold === 0).length]).toEqual([25, 9]);
    const finalists = others.filter(({ fold }) => fold === 2).map(({ trees }) => trees);
    const drawn = first.map(({ trees }) => trees).sort((a, b) => b - a);
    expect(finalists.sort((a, b) => b - a)).toEqual(drawn.slice(0, 3));
    expect(report).toMatchObject({ fits: 25 + 9 + 3 * 2, trials: 25 });
    const best = bestTrial(tried[0]);
    expect([best.candidate.options.nEstimators, best.status, best.results.length]).toEqual([
      drawn[0],
      'finished',
      3,
    ]);
    expect(best.results.map(({ probabilities }) => [...probabilities])).toEqual([[0], [1], [2]]);
    expect(tried[0].filter(({ status }) => status === 'dropped')).toHaveLength(22);
  });

  it.each(['random', 'halving'] as const)('%s: is the same again for the same seed', async (method) => {
    const first = await search([forest, tree], { method, maxFits: 50 });
    const again = await search([forest, tree], { method, maxFits: 50 });
    expect(again.tried).toEqual(first.tried);
    const other = await search([forest, tree], { method, maxFits: 50 }, { seed: 2 });
    expect(other.tried).not.toEqual(first.tried);
  });

  it('never does worse than the plain options, which win where others are only as good', async () => {
    validation.scoreOf = ({ options }) => (options.nEstimators === 50 ? 0.9 : 0.8);
    expect(bestTrial((await search([forest], { method: 'random' })).tried[0]).number).toBe(0);
    validation.scoreOf = () => 0.9;
    const { tried } = await search([forest], { method: 'halving' });
    expect(bestTrial(tried[0]).number).toBe(0);
    expect(bestTrial(tried[0]).results[0].probabilities).toEqual(Float64Array.of(9));
  });

  it('tries a whole small grid but for the plain options, and leaves its fits to those that come later', async () => {
    const { tried, report } = await search([tree, plainOnly, forest], { method: 'random', maxFits: 60 });
    expect(tried.map(({ length }) => length)).toEqual([7, 1, 15]);
    expect(report!.trials).toBe(20);
    const plainInGrid = { ...tree, options: { maxDepth: 2 } };
    const grid = (await search([plainInGrid], { method: 'halving', maxFits: 60 })).tried[0];
    expect(
      grid.map(({ candidate: { options } }) => `${options.maxDepth} ${options.criterion}`).sort(),
    ).toEqual(['1 entropy', '1 gini', '2 entropy', '2 undefined', '3 entropy', '3 gini']);
  });

  it('makes no trial where the budget is too small for one', async () => {
    const { tried, report } = await search([forest], { method: 'halving', maxFits: 2 });
    expect([tried[0].length, report!.fits]).toEqual([1, 0]);
  });

  it('goes on without a trial that cannot be fitted, and tells why', async () => {
    validation.scoreOf = ({ options }) => {
      if (Number(options.nEstimators) > 60) throw new RangeError('too many trees');
      return 0.5;
    };
    const { tried } = await search([forest], { method: 'random', maxFits: 60 });
    const failed = tried[0].filter(({ status }) => status === 'failed');
    expect(failed.length).toBeGreaterThan(2);
    expect(failed[0]).toMatchObject({ error: 'too many trees', score: null });
    expect(tried[0].filter(({ status }) => status === 'finished').length).toBeGreaterThan(2);
    validation.scoreOf = ({ options }) => {
      if (options.nEstimators !== 50) throw new TypeError('a mistake');
      return 0.5;
    };
    await expect(search([forest], { method: 'random' })).rejects.toThrow('a mistake');
  });

  it('counts what is finished when its time is up', async () => {
    const slow = validation;
    slow.fitFold = async (candidate, fold, { signal }, share) => {
      await wait(20, undefined, { signal });
      return FakeValidation.prototype.fitFold.call(
        slow,
        candidate,
        fold,
        { signal, onProgress: wait },
        share,
      );
    };
    const { tried, report } = await search([forest], { method: 'random', maxFits: 3000, maxSeconds: 0.5 });
    const by = (status: string): Trial[] => tried[0].filter((trial) => trial.status === status);
    expect(by('finished').length).toBeGreaterThan(1);
    expect(by('stopped').length).toBeGreaterThan(10);
    expect(report).toMatchObject({ outOfTime: true, maxSeconds: 0.5 });
    expect(report!.seconds).toBeLessThan(2);
    expect(bestTrial(tried[0]).score).toBe(Math.max(...by('finished').map(({ score }) => score!)));
  });

  it('ends when the run is cancelled', async () => {
    const controller = new AbortController();
    validation.scoreOf = () => {
      if (validation.fits.length === 5) controller.abort(new Error('cancelled'));
      return 0.5;
    };
    await expect(search([forest], { method: 'random' }, { signal: controller.signal })).rejects.toThrow(
      'cancelled',
    );
    expect(validation.fits.length).toBeLessThan(12);
  });

  it('leaves in the run what was tried, at most a hundred of it, the plain options first', async () => {
    const wide = { ...forest, space: { nEstimators: { low: 1, high: 9999, log: false, integer: true } } };
    const { tried } = await search([wide], { method: 'halving', maxFits: 400 });
    const result = describeCandidate(tried[0], bestTrial(tried[0]), { roc: [], precisionRecall: [] }, true);
    expect([result.tried, result.trials.length]).toEqual([tried[0].length, 100]);
    expect(result.tried).toBeGreaterThan(200);
    expect(result.trials[0]).toEqual({
      trial: 0,
      options: { nEstimators: 50 },
      status: 'finished',
      rung: 0,
      share: 1,
      folds: 3,
      score: expect.closeTo(0.05, 10),
      fitMs: 1,
      error: null,
    });
    const numbers = result.trials.map(({ trial }) => trial);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    const kept = result.trials.filter(({ status }) => status === 'finished').length;
    expect(kept).toBe(tried[0].filter(({ status }) => status === 'finished').length);
    expect(result.options).toMatchObject({ criterion: 'gini', nEstimators: expect.any(Number) });
    expect(result.mean.rocAuc).toBeCloseTo(Number(result.options.nEstimators) / 1000, 10);
  });
});
