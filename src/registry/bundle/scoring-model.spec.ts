import { Matrix } from '../../ml/matrix.js';
import { Random } from '../../ml/random.js';
import { BundleDamagedError } from '../registry.errors.js';
import type { ModelBundle } from './bundle.js';
import { decodeBundle, encodeBundle } from './bundle-codec.js';
import { tinyBundle, tinyLabels, tinyRows } from './fixtures/tiny-bundle.js';
import { ScoringModel } from './scoring-model.js';

const candidates = ['forest', 'logistic', 'neighbours'];
const tolerance = 1e-12;

function differs(a: Float64Array, b: Float64Array): boolean {
  return a.length !== b.length || a.some((value, i) => !(Math.abs(value - b[i]) <= tolerance));
}

describe.each(candidates)('a scoring model with a %s', (candidate) => {
  const bundle = tinyBundle(candidate);
  const model = ScoringModel.verified(decodeBundle(encodeBundle(bundle)));

  it('scores as before it was stored', () => {
    expect([...model.score(tinyRows)]).toEqual(bundle.selfTest.probabilities);
  });

  it('tells threats from the rest', () => {
    const hits = model.score(tinyRows).filter((p, i) => (p >= 0.5 ? 1 : 0) === tinyLabels[i]);
    expect(hits.length).toBeGreaterThanOrEqual(30);
  });

  it('explains a row by the features of the contract', () => {
    for (const i of [0, 17, 35]) {
      const { base, values } = model.explain(tinyRows.row(i));
      expect(values).toHaveLength(3);
      expect([base, ...values].every(Number.isFinite)).toBe(true);
    }
    const threat = model.explain(Float64Array.of(-1, 0, 0));
    expect(Math.max(...threat.values)).toBe(threat.values[0]);
  });

  // The digest would notice any of them: here they come from a writer that was wrong.
  it('never scores otherwise for one wrong number in its model: it is refused, or scores the same', () => {
    const { arrays } = bundle.model;
    const expected = model.score(tinyRows);
    const random = new Random(7);
    let refused = 0;
    for (let mutation = 0; mutation < 400; mutation++) {
      const [name, array] = Object.entries(arrays)[mutation % Object.keys(arrays).length];
      if (array.length === 0) continue;
      const wrong = array.slice();
      const at = random.below(array.length);
      wrong[at] = mutation % 3 === 0 ? array[at] * 1.5 + 1 : array[random.below(array.length)];
      const damaged = { ...bundle, model: { ...bundle.model, arrays: { ...arrays, [name]: wrong } } };
      try {
        if (differs(ScoringModel.verified(decodeBundle(encodeBundle(damaged))).score(tinyRows), expected)) {
          throw new Error(`${name}[${at}] = ${wrong[at]} changed the scores unnoticed`);
        }
      } catch (error) {
        if (!(error instanceof BundleDamagedError)) throw error;
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(50);
  });
});

describe('verifying a bundle', () => {
  const bundle = tinyBundle('logistic');
  const { selfTest, thresholds, preprocessor, model } = bundle;

  it.each<[string, Partial<Record<keyof ModelBundle, unknown>>, RegExp]>([
    [
      'a probability that it does not reproduce',
      {
        selfTest: {
          ...selfTest,
          probabilities: selfTest.probabilities.map((p, i) => (i === 5 ? p + 1e-9 : p)),
        },
      },
      /does not reproduce its self-test \(row 5\)/,
    ],
    ['too few probabilities', { selfTest: { ...selfTest, probabilities: [0.5] } }, /self-test/],
    ['no self-test', { selfTest: undefined }, /refused/],
    ['a self-test without rows', { selfTest: { rows: [], probabilities: [] } }, /self-test/],
    ['rows of another width', { selfTest: { ...selfTest, rows: [[1, 2]] } }, /refused/],
    ['a preprocessor that is none', { preprocessor: { ...preprocessor, encoder: 'hash' } }, /preprocessor/],
    ['an unknown learner', { model: { ...model, learner: 'oracle' } }, /there is no learner "oracle"/],
    ['a model without its arrays', { model: { ...model, arrays: {} } }, /coefficients/],
    ['a model of other columns', { preprocessor: { ...preprocessor, encoder: 'ordinal' } }, /columns/],
    ['a calibrator that is none', { calibrator: { method: 'platt', slope: null } }, /calibrator/],
    ['no thresholds', { thresholds: undefined }, /refused/],
    ['a threshold that is missing', { thresholds: { suspicious: 0.5 } }, /thresholds/],
    ['a threshold that is no number', { thresholds: { ...thresholds, malicious: null } }, /thresholds/],
    ['a threshold above 1', { thresholds: { suspicious: 0.5, malicious: 1.5 } }, /thresholds/],
    ['thresholds the wrong way round', { thresholds: { suspicious: 0.9, malicious: 0.5 } }, /thresholds/],
  ])('refuses %s', (_, change, reason) => {
    const damaged = { ...bundle, ...change } as ModelBundle;
    expect(() => ScoringModel.verified(damaged)).toThrow(BundleDamagedError);
    expect(() => ScoringModel.verified(damaged)).toThrow(reason);
  });

  it('bears what two floating-point units may differ by', () => {
    const probabilities = selfTest.probabilities.map((p) => p + 5e-13);
    expect(() =>
      ScoringModel.verified({ ...bundle, selfTest: { ...selfTest, probabilities } }),
    ).not.toThrow();
  });
});

describe('verdicts', () => {
  const model = ScoringModel.verified({
    ...tinyBundle(),
    thresholds: { suspicious: 0.4, malicious: 0.9 },
  });

  it.each([
    [0, 'benign'],
    [0.39999, 'benign'],
    [0.4, 'suspicious'],
    [0.89999, 'suspicious'],
    [0.9, 'malicious'],
    [1, 'malicious'],
  ])('%d is %s', (probability, verdict) => {
    expect(model.verdictOf(probability)).toBe(verdict);
  });

  it('have no suspicious ones where both thresholds are the same', () => {
    const strict = ScoringModel.verified({
      ...tinyBundle(),
      thresholds: { suspicious: 0.5, malicious: 0.5 },
    });
    expect([0.49, 0.5].map((p) => strict.verdictOf(p))).toEqual(['benign', 'malicious']);
  });
});

describe('an explanation through a one-hot encoder', () => {
  it('sums the columns of a feature, so that base and contributions make up the log-odds', () => {
    const bundle = tinyBundle('logistic');
    const model = ScoringModel.from({ ...bundle, calibrator: { method: 'none' } });
    for (const row of [Float64Array.of(-1, 5, 1), Float64Array.of(1, NaN, NaN)]) {
      const [probability] = model.score(Matrix.fromRows([row]));
      const { base, values } = model.explain(row);
      const raw = values.reduce((sum, value) => sum + value, base);
      expect(raw).toBeCloseTo(Math.log(probability / (1 - probability)), 9);
    }
  });
});
