import { tinyContract } from '../detector/fixtures/tiny-contract.js';
import { tinyBundle, tinyRows } from '../registry/bundle/fixtures/tiny-bundle.js';
import type { ModelVersion } from '../registry/model-version.schema.js';
import { NoveltyModel } from '../registry/bundle/novelty.js';
import { modelCard } from './make-model-card.js';
import type { CandidateRecord, TrainingRecord } from './training-record.js';

const bundle = tinyBundle();
const version: ModelVersion = {
  _id: 'tiny/4',
  detector: 'tiny',
  version: 4,
  candidate: 'forest',
  learner: 'random-forest',
  sha256: 'abc',
  size: 1234,
  metrics: { ...bundle.metrics.test, confusion: { tp: 14, fp: 2, tn: 19, fn: 1 } },
  intervals: {} as ModelVersion['intervals'],
  thresholds: bundle.thresholds,
  signature: [],
  lineage: {
    run: 'run-1',
    fingerprint: 'f1',
    rows: 72,
    contractSha256: 'c1',
    codeVersion: '0.1.0',
    seed: 7,
  },
  createdAt: new Date('2026-03-01T02:00:09Z'),
};

const candidate = (name: string, selected: boolean): CandidateRecord => ({
  name,
  learner: 'random-forest',
  imputer: 'none',
  encoder: 'ordinal',
  options: { nEstimators: 5, maxDepth: null },
  folds: [{ metrics: bundle.metrics.test, fitMs: 10 }],
  mean: { rocAuc: 0.9 },
  std: { rocAuc: 0.01 },
  selected,
});

const record: TrainingRecord = {
  actor: 'api',
  fitMs: 12,
  groups: { train: 30, test: 33 },
  validation: {
    status: 'warned',
    rows: 72,
    threats: 31,
    duplicates: 6,
    checks: [
      { status: 'passed', message: 'all columns are there' },
      { status: 'warned', message: 'duration: 25 % missing' },
    ],
  },
  candidates: [candidate('forest', true), candidate('logistic', false)],
  evaluation: {
    policies: {
      suspicious: { threshold: 0.5, reached: true, achieved: 0.93 },
      malicious: { threshold: 0.9, reached: false, achieved: 0.88 },
    },
    curves: { reliability: [{ predicted: 0.1, observed: 0.2, rows: 29 }] },
  },
  gate: {
    passed: false,
    champion: 3,
    checks: [
      { name: 'rocAuc', passed: false, message: 'rocAuc 0.8, at least 0.9', observed: 0.8, limit: 0.9 },
    ],
  },
};

describe('a model card', () => {
  it('says what the version is and how it was made', () => {
    const { modelDetails, data, modelSelection } = modelCard(version, bundle, record);
    expect(modelDetails).toMatchObject({
      detector: 'tiny',
      version: 4,
      title: 'A detector for specs',
      options: { nEstimators: 5, maxDepth: null },
      imputer: 'none',
      calibration: 'platt',
      trainedAt: '2026-03-01T02:00:09.000Z',
      fitMs: 12,
      actor: 'api',
      seed: 7,
      sha256: 'abc',
    });
    expect(modelDetails.features[1]).toEqual({ name: 'duration', type: 'number', meaning: 'seconds' });
    expect(data).toMatchObject({
      source: { name: 'made up' },
      rows: 72,
      threats: 31,
      duplicates: 6,
      train: { rows: 36, groups: 30 },
      test: { rows: 36, threats: 15, groups: 33 },
      folds: 3,
      group: 'features',
      warnings: ['duration: 25 % missing'],
    });
    expect(modelSelection).toMatchObject({ metric: 'rocAuc', search: null });
    expect(modelSelection!.rule).toContain('Highest mean ROC AUC over 3 folds');
  });

  it('takes the counts of the classes of the training part from the reference profile', () => {
    const [benign, threats] = bundle.reference.label!.counts;
    const { data } = modelCard(version, bundle);
    expect(data.train).toEqual({ rows: benign + threats, threats, groups: null });
    expect(data.threats).toBe(threats + 15);
  });

  it('says how each threshold was chosen, and the confusion where it is known', () => {
    expect(modelCard(version, bundle, record).thresholds).toEqual([
      {
        verdict: 'suspicious',
        threshold: 0.5,
        policy: { policy: 'max-f1' },
        achieved: 0.93,
        reached: true,
        confusion: { tp: 14, fp: 2, tn: 19, fn: 1 },
      },
      {
        verdict: 'malicious',
        threshold: 0.9,
        policy: { policy: 'fixed', value: 0.9 },
        achieved: 0.88,
        reached: false,
        confusion: null,
      },
    ]);
    const test = {
      metrics: version.metrics,
      intervals: null,
      confusions: { malicious: { tp: 9, fp: 0, tn: 21, fn: 6 } },
    };
    const measured = modelCard(version, bundle, { ...record, evaluation: { ...record.evaluation, test } });
    expect(measured.thresholds[1].confusion).toEqual({ tp: 9, fp: 0, tn: 21, fn: 6 });
    const thresholds = { suspicious: 0.5, malicious: 0.5 };
    expect(modelCard(version, { ...bundle, thresholds }).thresholds[1].confusion).toEqual({
      tp: 14,
      fp: 2,
      tn: 19,
      fn: 1,
    });
  });

  it('leaves null what nobody knows, and says so', () => {
    const card = modelCard(version, bundle);
    expect(card).toMatchObject({
      modelDetails: { options: { nEstimators: 5 }, fitMs: null, actor: null },
      modelSelection: null,
      evaluation: { curves: null, importance: null, validation: { intervals: null } },
      gate: null,
    });
    expect(card.evaluation.validation.metrics).toBe(bundle.metrics.validation);
    expect(card.caveatsAndRecommendations[0]).toMatch(/made from the version and its bundle alone/);
  });

  it('names a split by time otherwise than one by groups', () => {
    const time = { test: 0.25, folds: 3, seed: 1, time: 'seen_at' };
    const later = { ...bundle, contract: tinyContract({ split: time }), testFrom: 1_772_000_000 };
    const { data, modelSelection } = modelCard(version, later, record);
    expect(data.time).toEqual({ column: 'seen_at', testFrom: '2026-02-25T06:13:20.000Z' });
    expect(modelSelection!.rule).toContain('each measured by what was fitted on the rows before it');
    expect(modelCard(version, bundle).data.time).toBeNull();
  });

  it('survives being stored', () => {
    const card = modelCard(version, bundle, record);
    expect(JSON.parse(JSON.stringify(card))).toEqual(card);
  });
});

describe('the caveats of a model card', () => {
  const caveats = modelCard(version, bundle, record).caveatsAndRecommendations.join('\n');

  it.each([
    'bootstrap that draws the 33 groups',
    'cross-validated ROC AUC is the best of 2, which makes it a little too good',
    'The contract names no licence of the data.',
    '6 of 72 rows repeat an earlier one',
    'Validation warned: duration: 25 % missing',
    'did not pass the gate: rocAuc 0.8, at least 0.9.',
    'threshold for ‘malicious’ could not be reached on the validation part (0.8800 was)',
    'rest on few false positives (2)',
    'Recall rests on few missed threats (1)',
    '1 of 1 bins of the calibration hold fewer than 30 rows',
    'measured against the 36 training rows',
  ])('name what the figures show: %s', (sentence) => {
    expect(caveats).toContain(sentence);
  });

  it('work out the precision where threats are rare', () => {
    // recall .9, false-positive rate .05: .009 / (.009 + .0495) = .1538
    const metrics = { ...version.metrics, recall: 0.9, falsePositiveRate: 0.05 };
    const { caveatsAndRecommendations } = modelCard({ ...version, metrics }, bundle);
    expect(caveatsAndRecommendations.join('\n')).toMatch(
      /41\.7 % of the test rows are threats\. Where 1 in 1,000 is, precision .* about 0\.02 /,
    );
  });

  it('name a metric whose interval does not hold it', () => {
    const intervals = { ...version.intervals, calibrationError: [2, 3], recall: [0, 1] } as const;
    const { caveatsAndRecommendations } = modelCard({ ...version, intervals }, bundle);
    expect(caveatsAndRecommendations.filter((text) => text.startsWith('Resampling'))).toEqual([
      'Resampling shifts the calibration error: its interval does not hold the figure itself.',
    ]);
  });

  it('do not promise that equal rows stay together where a column that is no feature groups them', () => {
    const grouped = { ...bundle, contract: tinyContract({ group: { column: 'capture' } }) };
    expect(modelCard(version, grouped, record).caveatsAndRecommendations.join('\n')).toContain(
      'splits keep such rows on one side only where they are of one group',
    );
  });

  it('are silent about what is no fault', () => {
    const licensed = { ...bundle, contract: tinyContract({ source: { name: 'x', licence: 'CC0' } }) };
    const metrics = { ...version.metrics, confusion: { tp: 900, fp: 100, tn: 900, fn: 100 } };
    const quiet = modelCard({ ...version, metrics }, licensed, {
      ...record,
      validation: { ...record.validation!, duplicates: 0, checks: [] },
      candidates: [candidate('forest', true)],
      gate: { passed: true, champion: 3, checks: [] },
      evaluation: { curves: { reliability: [{ predicted: 0.1, observed: 0.2, rows: 300 }] } },
    }).caveatsAndRecommendations.join('\n');
    for (const word of ['licence', 'repeat', 'warned', 'gate', 'reached', 'rest', 'bins', 'best of']) {
      expect(quiet).not.toContain(word);
    }
  });
});

describe('the card of a version with novelty', () => {
  it('says what it was fitted on and above what a record is new', () => {
    const options = { nEstimators: 5, maxSamples: 256 };
    const novelty = NoveltyModel.fit(tinyRows, options, { seed: 1 }).toState();
    const card = modelCard(version, { ...bundle, novelty });
    expect(card.novelty).toMatchObject({ learner: 'isolation-forest', rows: 36 });
    expect(card.novelty!.quantiles.map(({ level }) => level)).toEqual([0.5, 0.9, 0.99, 0.999, 0.9999, 1]);
    expect(card.novelty!.newAbove).toBe(card.novelty!.quantiles[3].score);
    expect(card.novelty!.quantiles[5].score).toBe(novelty.quantiles[104]);
    expect('novelty' in modelCard(version, bundle)).toBe(false);
  });
});
