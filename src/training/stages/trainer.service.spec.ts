import type { ComputeService, WorkContext } from '../../compute/compute.service.js';
import type { SearchOptions } from '../../detector/candidate.js';
import type { Candidate } from '../../detector/contract.js';
import type { Snapshot } from '../../detector/dataset.js';
import { tinyContract } from '../../detector/fixtures/tiny-contract.js';
import { Matrix } from '../../ml/matrix.js';
import { metricNames, type Metrics } from '../../ml/metrics.js';
import type { PreprocessorState } from '../../transformation/preprocessor.js';
import type { Transformation } from '../../transformation/transform.task.js';
import type { FitInput } from './fit.task.js';
import type { CurvesInput } from './curves.task.js';
import type { FoldInput } from './fold.task.js';
import type { NoveltyInput } from './novelty.task.js';
import { type Trained, TrainerService } from './trainer.service.js';

const contract = tinyContract();
const [forest, logistic, neighbours] = contract.candidates;
const snapshot: Snapshot = { detector: 'tiny', x: new Matrix(20, 3), y: new Uint8Array(20), fingerprint: '' };
const named = (name: string): PreprocessorState => ({
  features: [],
  imputer: { name: 'none' },
  encoder: name as 'ordinal',
});

/** Rows 10 to 15 are the training part, its places dealt out to three folds. */
const transformation: Transformation = {
  train: Int32Array.of(10, 11, 12, 13, 14, 15),
  test: Int32Array.of(16),
  groups: new Int32Array(20),
  folds: [Int32Array.of(1, 4), Int32Array.of(0, 5), Int32Array.of(2, 3)],
  preprocessors: { forest: named('f'), logistic: named('l'), neighbours: named('n') },
};

function metricsOf(rocAuc: number | null): Metrics {
  const values = Object.fromEntries(metricNames.map((name) => [name, 0.5]));
  return { ...values, rocAuc } as unknown as Metrics;
}

/** Gives each fold the scores that it is told for its candidate, and each held-out row a hundredth of its number. */
class FakeCompute {
  readonly threads = 1;
  readonly folds: FoldInput[] = [];
  readonly fits: FitInput[] = [];
  readonly novelties: NoveltyInput[] = [];

  constructor(private readonly scores: Readonly<Record<string, readonly (number | null)[]>>) {}

  async run(
    file: URL,
    input: FoldInput | FitInput | CurvesInput | NoveltyInput,
    context: WorkContext,
  ): Promise<unknown> {
    context.signal.throwIfAborted();
    context.onProgress(1, 2);
    if (file.pathname.endsWith('curves.task.js')) {
      return (input as CurvesInput).probabilities.map((p) => ({ roc: [...p], precisionRecall: [] }));
    }
    if (file.pathname.endsWith('novelty.task.js')) {
      this.novelties.push(input as NoveltyInput);
      context.onProgress(1, 1);
      return { rows: 6 };
    }
    if (file.pathname.endsWith('fit.task.js')) {
      this.fits.push(input as FitInput);
      context.onProgress(1, 1);
      return { model: { learner: 'random-forest', meta: {}, arrays: {} }, fitMs: 5 };
    }
    const { heldOut, candidate } = input as FoldInput;
    this.folds.push(input as FoldInput);
    const fold = transformation.folds.findIndex((places) => 10 + places[0] === heldOut[0]);
    // The later folds are done first.
    for (let turn = fold; turn < 3; turn++) await Promise.resolve();
    context.onProgress(1, 1);
    const probabilities = Float64Array.from(heldOut, (row) => row / 100);
    return {
      probabilities,
      metrics: metricsOf(this.scores[`${candidate.name}${candidate.options.maxDepth ?? ''}`][fold]),
      fitMs: fold,
    };
  }
}

function train(
  compute: FakeCompute,
  candidates: readonly Candidate[],
  context: Partial<WorkContext> = {},
  search: Partial<SearchOptions> = {},
  split = transformation,
  rules = contract,
): Promise<Trained> {
  const whole = { signal: new AbortController().signal, onProgress: () => undefined, ...context };
  return new TrainerService(compute as unknown as ComputeService).train(
    rules,
    snapshot,
    split,
    candidates,
    { seed: 42, search: { ...contract.search, ...search } },
    whole,
  );
}

describe('training', () => {
  const scores = { forest: [0.9, 0.8, 1], logistic: [0.95, 0.95, 0.95], neighbours: [0.9, 0.9, 0.9] };

  it('lets the best mean of the selection metric win and fits the winner on the whole training part', async () => {
    const compute = new FakeCompute(scores);
    const { winner, candidates, fitMs } = await train(compute, [forest, logistic]);
    expect([winner.name, fitMs]).toEqual(['logistic', 5]);
    expect(candidates.map(({ name, selected }) => [name, selected])).toEqual([
      ['forest', false],
      ['logistic', true],
    ]);
    expect(compute.fits).toEqual([
      {
        contract,
        snapshot,
        split: transformation,
        candidate: logistic,
        preprocessor: named('l'),
        seed: 42,
        threads: 1,
      },
    ]);
  });

  it('fits novelty with the winner’s preprocessor where the contract asks for it, as the last of its steps', async () => {
    const asked = tinyContract({ novelty: { maxSamples: 64 } });
    const compute = new FakeCompute(scores);
    const reported: number[] = [];
    const onProgress = (done: number, total: number): unknown => reported.push(done / total);
    const { novelty } = await train(compute, [forest, logistic], { onProgress }, {}, transformation, asked);
    expect(novelty).toEqual({ rows: 6 });
    expect(compute.novelties).toEqual([
      {
        options: { nEstimators: 50, maxSamples: 64 },
        snapshot,
        train: transformation.train,
        preprocessor: named('l'),
        seed: 42,
      },
    ]);
    expect(reported.slice(-3)).toEqual([7 / 8, 7.5 / 8, 1]);
    expect((await train(compute, [forest])).novelty).toBeNull();
    expect(compute.novelties).toHaveLength(1);
  });

  it('lets the first win of those that are equal', async () => {
    const equal = { forest: [1, 0.8, 0.9], logistic: [0.9, 0.9, 0.9], neighbours: [0.9, 0.9, 0.9] };
    expect((await train(new FakeCompute(equal), [logistic, neighbours])).winner.name).toBe('logistic');
    expect((await train(new FakeCompute(equal), [neighbours, logistic])).winner.name).toBe('neighbours');
  });

  it('lets a candidate without a value lose against any', async () => {
    const gaps = { forest: [1, null, 1], logistic: [0, 0, 0], neighbours: [null, null, null] };
    const { winner, candidates } = await train(new FakeCompute(gaps), [forest, logistic]);
    expect([winner.name, candidates[0].mean.rocAuc, candidates[0].std.rocAuc]).toEqual([
      'logistic',
      null,
      null,
    ]);
    expect((await train(new FakeCompute(gaps), [neighbours, forest])).winner.name).toBe('neighbours');
  });

  it('tells of each candidate how it did, with the learner’s defaults', async () => {
    const { candidates } = await train(new FakeCompute(scores), [forest]);
    expect(candidates[0]).toMatchObject({ learner: 'random-forest', imputer: 'none', encoder: 'ordinal' });
    expect(candidates[0].options).toMatchObject({ nEstimators: 5, minSamplesLeaf: 1, maxFeatures: 'sqrt' });
    expect(candidates[0].folds.map(({ metrics, fitMs }) => [metrics.rocAuc, fitMs])).toEqual([
      [0.9, 0],
      [0.8, 1],
      [1, 2],
    ]);
    expect(candidates[0].mean.rocAuc).toBeCloseTo(0.9, 12);
    expect(candidates[0].std.rocAuc).toBeCloseTo(Math.sqrt(0.02 / 3), 12);
    expect([candidates[0].mean.f1, candidates[0].std.f1]).toEqual([0.5, 0]);
  });

  it('gathers the out-of-fold probabilities in the order of the training rows, whichever fold is done first', async () => {
    const { outOfFold } = await train(new FakeCompute(scores), [forest, logistic]);
    expect([...outOfFold]).toEqual([0.1, 0.11, 0.12, 0.13, 0.14, 0.15]);
  });

  it('measures each fold on rows that it was not fitted on, with a seed of its own', async () => {
    const compute = new FakeCompute(scores);
    await train(compute, [forest, logistic]);
    expect(
      compute.folds.map(({ candidate, heldOut, fitRows }) => [candidate.name, [...heldOut], [...fitRows]]),
    ).toEqual(
      ['forest', 'logistic'].flatMap((name) => [
        [name, [11, 14], [10, 15, 12, 13]],
        [name, [10, 15], [11, 14, 12, 13]],
        [name, [12, 13], [11, 14, 10, 15]],
      ]),
    );
    const seeds = compute.folds.map(({ seed }) => seed);
    expect(new Set(seeds).size).toBe(3);
    expect(seeds.slice(0, 3)).toEqual(seeds.slice(3));
  });

  it('makes the model with the best options that a search finds, and tells what the search took', async () => {
    const depths = { ...scores, forest1: [0.9, 0.9, 0.9], forest2: [0.96, 0.96, 0.96] };
    const compute = new FakeCompute(depths);
    const searched = { ...forest, space: { maxDepth: [1, 2] } };
    const reported: number[] = [];
    const onProgress = (done: number, total: number): number => reported.push(done / total);
    const found = await train(
      compute,
      [searched, logistic],
      { onProgress },
      { method: 'random', maxFits: 9 },
    );
    expect(found.winner).toEqual({ ...searched, options: { nEstimators: 5, maxDepth: 2 } });
    expect(compute.fits.map(({ candidate }) => candidate)).toEqual([found.winner]);
    expect(found.search).toMatchObject({
      method: 'random',
      maxFits: 9,
      fits: 6,
      trials: 2,
      outOfTime: false,
    });
    expect(found.candidates.map(({ name, tried, selected }) => [name, tried, selected])).toEqual([
      ['forest', 3, true],
      ['logistic', 1, false],
    ]);
    expect(found.candidates[0].options).toMatchObject({ nEstimators: 5, maxDepth: 2 });
    expect(found.candidates[0].mean.rocAuc).toBeCloseTo(0.96, 12);
    expect(found.candidates[0].trials.map(({ options }) => options.maxDepth)).toEqual(
      expect.arrayContaining([null, 1, 2]),
    );
    expect(reported).toEqual([...reported].sort((a, b) => a - b));
    expect(reported.at(-1)).toBe(1);
    expect((await train(compute, [searched, logistic])).search).toBeNull();
  });

  it('draws the curves of each candidate by its predictions of the rows that a fold held out', async () => {
    const { candidates, outOfFold } = await train(new FakeCompute(scores), [forest, logistic]);
    expect(candidates.map(({ curves }) => curves.roc)).toEqual([[...outOfFold], [...outOfFold]]);
    const later = { ...transformation, folds: transformation.folds.slice(1) };
    const partly = await train(new FakeCompute(scores), [forest], {}, {}, later);
    expect(partly.candidates[0].curves.roc).toEqual([0.1, 0.12, 0.13, 0.15]);
  });

  it('tells how far the whole of it is, rising to the end', async () => {
    const reported: number[] = [];
    await train(new FakeCompute(scores), [forest, logistic], {
      onProgress: (done, total) => reported.push(done / total),
    });
    expect(reported).toEqual([...reported].sort((a, b) => a - b));
    expect([reported.length, reported[0], reported.at(-1)]).toEqual([15, 0.5 / 7, 1]);
  });

  it('ends with what a fold throws, and when it is cancelled', async () => {
    await expect(train(new FakeCompute({}), [forest])).rejects.toThrow(TypeError);
    const compute = new FakeCompute(scores);
    await expect(
      train(compute, [forest], { signal: AbortSignal.abort(new Error('cancelled')) }),
    ).rejects.toThrow('cancelled');
    expect(compute.fits).toEqual([]);
  });
});
