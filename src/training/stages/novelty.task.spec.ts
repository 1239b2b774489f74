import type { Snapshot } from '../../detector/dataset.js';
import { featureSpecs } from '../../detector/feature-specs.js';
import { tinyContract } from '../../detector/fixtures/tiny-contract.js';
import { Matrix } from '../../ml/matrix.js';
import { Random } from '../../ml/random.js';
import { NoveltyModel } from '../../registry/bundle/novelty.js';
import { fitPreprocessor } from '../../transformation/preprocessor.js';
import fitNovelty, { type NoveltyInput } from './novelty.task.js';

const contract = tinyContract({ novelty: { nEstimators: 20, maxSamples: 64 } });
const random = new Random(2);
const rows = Array.from({ length: 400 }, (_, i) => [
  random.below(3) - 1,
  i < 300 ? 10 * random.float() : 90,
  random.below(3),
]);
const x = Matrix.fromRows(rows);
const snapshot: Snapshot = { detector: 'tiny', x, y: new Uint8Array(400), fingerprint: '' };
const train = Int32Array.from({ length: 300 }, (_, row) => row);
const preprocessor = fitPreprocessor(featureSpecs(contract), x.take(train), {
  imputer: 'median',
  encoder: 'one-hot',
  seed: 1,
});
const input: NoveltyInput = {
  options: contract.novelty!,
  snapshot,
  train,
  preprocessor: preprocessor.toState(),
  seed: 1,
};
const quiet = { onProgress: (): void => undefined };

describe('fitting novelty', () => {
  it('learns from the preprocessed training part alone, so that what is only elsewhere is unusual', () => {
    const state = fitNovelty(input, quiet);
    expect(state.rows).toBe(300);
    expect(state.model.meta).toEqual({ columns: preprocessor.columns.length, maxSamples: 64 });
    const scores = NoveltyModel.from(state).score(preprocessor.transform(x));
    const mean = (part: typeof scores): number =>
      part.reduce((sum, { quantile }) => sum + quantile, 0) / part.length;
    expect(mean(scores.slice(0, 300))).toBeCloseTo(0.5, 1);
    expect(mean(scores.slice(300))).toBeGreaterThan(0.8);
  });

  it('is the same to the bit for the same seed and tells of each tree', () => {
    const reported: [number, number][] = [];
    const state = fitNovelty(input, { onProgress: (done, total) => reported.push([done, total]) });
    expect(state).toEqual(fitNovelty(input, quiet));
    expect(state).not.toEqual(fitNovelty({ ...input, seed: 2 }, quiet));
    expect([reported.length, reported.at(-1)]).toEqual([20, [20, 20]]);
  });
});
