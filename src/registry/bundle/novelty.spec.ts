import { Matrix } from '../../ml/matrix.js';
import { Random } from '../../ml/random.js';
import { BundleDamagedError } from '../registry.errors.js';
import { tinyContract } from '../../detector/fixtures/tiny-contract.js';
import type { ModelBundle } from './bundle.js';
import { decodeBundle, encodeBundle } from './bundle-codec.js';
import { tinyBundle, tinyRows } from './fixtures/tiny-bundle.js';
import { newLevel, noveltyLevels, NoveltyModel } from './novelty.js';
import { ScoringModel } from './scoring-model.js';

const random = new Random(3);
const crowd = Matrix.fromRows(
  Array.from({ length: 2000 }, () => [random.float(), random.float() + random.float(), random.below(3)]),
);
const options = { nEstimators: 50, maxSamples: 256 };

describe('a novelty model', () => {
  const model = NoveltyModel.fit(crowd, options, { seed: 1 });
  const { rows, quantiles } = model.toState();

  it('keeps the distribution of its own rows, to the ends', () => {
    const scores = model.score(crowd).map(({ score }) => score);
    expect(rows).toBe(2000);
    expect(quantiles).toHaveLength(105);
    expect([quantiles[0], quantiles[104]]).toEqual([Math.min(...scores), Math.max(...scores)]);
  });

  it('finds about one row in a thousand of its own new', () => {
    expect(model.score(crowd).filter(({ isNew }) => isNew).length).toBeLessThanOrEqual(3);
  });

  it('says that a row far away is new, and by what', () => {
    const [far, near] = model.score(Matrix.fromRows([[9, 90, 7], [0.5, 1, 1]])); // prettier-ignore
    expect(far.isNew).toBe(true);
    expect(far.quantile).toBeGreaterThan(0.999);
    expect(near.isNew).toBe(false);
    expect(near.quantile).toBeLessThan(0.5);
    const { values } = model.explain(Float64Array.of(0.5, 90, 1));
    expect(values.indexOf(Math.max(...values))).toBe(1);
  });

  it('places a score between the quantiles that it stands between', () => {
    const off = model.score(crowd).filter(({ score, quantile }) => {
      const at = noveltyLevels.findLastIndex((level) => level <= quantile);
      return score < quantiles[at] || (at < 104 && score > quantiles[at + 1] + 1e-12);
    });
    expect(off).toEqual([]);
    expect(noveltyLevels).toContain(newLevel);
  });

  it('fits on fewer rows than a tree may take', () => {
    expect(NoveltyModel.fit(tinyRows, options, { seed: 1 }).toState().model.meta.maxSamples).toBe(36);
  });
});

describe('a bundle with novelty', () => {
  const contract = tinyContract({ novelty: { nEstimators: 5 } });
  const forest = tinyBundle('forest', { contract });
  const novelty = NoveltyModel.fit(tinyRows, { nEstimators: 5, maxSamples: 256 }, { seed: 1 }).toState();
  const scores = ScoringModel.from({ ...forest, novelty })
    .novelty(tinyRows)!
    .map(({ score }) => score);
  const bundle: ModelBundle = { ...forest, novelty, selfTest: { ...forest.selfTest, novelty: scores } };

  it('is itself again, and says the same of rows', () => {
    const bytes = encodeBundle(bundle);
    const decoded = decodeBundle(bytes);
    expect(decoded).toEqual(bundle);
    expect(encodeBundle(decoded).equals(bytes)).toBe(true);
    expect(
      ScoringModel.verified(decoded)
        .novelty(tinyRows)!
        .map(({ score }) => score),
    ).toEqual(scores);
  });

  it('explains by the features of the contract', () => {
    const { base, values } = ScoringModel.from(bundle).explainNovelty(tinyRows.row(3))!;
    expect(values).toHaveLength(3);
    expect(values.reduce((sum, value) => sum + value, base)).toBeCloseTo(Math.log2(scores[3]), 9);
  });

  it('has none where its contract does not ask for it', () => {
    const model = ScoringModel.verified(tinyBundle());
    expect([model.novelty(tinyRows), model.explainNovelty(tinyRows.row(0))]).toEqual([null, null]);
    expect(encodeBundle(tinyBundle()).includes('"novelty"')).toBe(false);
  });

  it.each<[string, ModelBundle, RegExp]>([
    ['without it', forest, /lacks its novelty/],
    [
      'that scores otherwise',
      {
        ...bundle,
        selfTest: { ...bundle.selfTest, novelty: scores.map((s, i) => (i === 4 ? s + 1e-9 : s)) },
      },
      /novelty of its self-test \(row 4\)/,
    ],
    ['without its scores', { ...bundle, selfTest: forest.selfTest }, /novelty of its self-test \(row 0\)/],
    ['with too few quantiles', { ...bundle, novelty: { ...novelty, quantiles: [0.5] } }, /distribution/],
    [
      'with quantiles that fall',
      { ...bundle, novelty: { ...novelty, quantiles: novelty.quantiles.toReversed() } },
      /distribution/,
    ],
    ['of no rows', { ...bundle, novelty: { ...novelty, rows: 0 } }, /distribution/],
    [
      'with half a forest',
      { ...bundle, novelty: { ...novelty, model: { ...novelty.model, arrays: {} } } },
      /isolation-forest/,
    ],
    [
      'of other columns',
      {
        ...bundle,
        novelty: { ...novelty, model: { ...novelty.model, meta: { columns: 9, maxSamples: 36 } } },
      },
      /columns/,
    ],
  ])('is refused %s', (_, damaged, reason) => {
    expect(() => ScoringModel.verified(damaged)).toThrow(BundleDamagedError);
    expect(() => ScoringModel.verified(damaged)).toThrow(reason);
  });
});
