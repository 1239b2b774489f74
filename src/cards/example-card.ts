import type { ServedModelCard } from './model-card.js';

const intervalsOfTest = {
  accuracy: [0.918, 0.968],
  precision: [0.914, 0.981],
  recall: [0.875, 0.96],
  f1: [0.905, 0.963],
  rocAuc: [0.974, 0.993],
  averagePrecision: [0.972, 0.992],
  falsePositiveRate: [0.014, 0.066],
  brier: [0.031, 0.056],
  logLoss: [0.11, 0.19],
  calibrationError: null,
  tp: [165, 179],
  fp: [3, 14],
  tn: [199, 212],
  fn: [7, 22],
} as const;

const metricsOfTest = {
  rows: 400,
  accuracy: 0.945,
  precision: 0.95,
  recall: 0.9223,
  f1: 0.9359,
  rocAuc: 0.985,
  averagePrecision: 0.984,
  falsePositiveRate: 0.0374,
  brier: 0.043,
  logLoss: 0.148,
  calibrationError: 0.021,
  confusion: { tp: 172, fp: 8, tn: 206, fn: 14 },
} as const;

const metricsOfFold = { ...metricsOfTest, rows: 320 };

/** A small card with every part, for the documentation. */
export const exampleCard: ServedModelCard = {
  schemaVersion: 1,
  modelDetails: {
    detector: 'phishing-website',
    version: 3,
    title: 'Phishing websites',
    candidate: 'random-forest',
    learner: 'random-forest',
    options: { nEstimators: 100, maxDepth: null },
    imputer: 'none',
    encoder: 'ordinal',
    calibration: 'platt',
    trainedAt: '2026-03-01T02:00:09.000Z',
    fitMs: 842,
    run: '0a51b3a4-8f55-4a7c-9f0e-2f6f3d0a9c11',
    actor: 'api',
    seed: 42,
    codeVersion: '0.1.0',
    sha256: '5f1d0c62f5a2c7de1ad6a9f4dc0d4f1c0f4a3a86e76fbf0e3f4b1a8f4e6b9a10',
    size: 1_254_008,
    features: [
      { name: 'having_IP_Address', type: 'integer', meaning: 'host of the address' },
      { name: 'URL_Length', type: 'integer', meaning: 'length of the address' },
    ],
  },
  intendedUse: {
    primaryUses: [
      'Scoring records that have the 2 features of the contract: each gets its probability of being a threat and a ' +
        'verdict (benign, suspicious or malicious).',
    ],
    outOfScopeUses: [
      'Records whose features were worked out in another way, or are coded otherwise, than the contract says.',
    ],
    positiveClass: { name: 'threat', column: 'Result', values: ['-1', 'phishing'] },
  },
  data: {
    source: {
      name: 'UCI Machine Learning Repository, "Phishing Websites" (id 327)',
      authors: 'Rami Mohammad, Fadi Thabtah, Lee McCluskey',
      doi: '10.24432/C51W2X',
      licence: 'CC BY 4.0',
    },
    fingerprint: 'c0ffee0d5f1d0c62f5a2c7de1ad6a9f4dc0d4f1c0f4a3a86e76fbf0e3f4b1a8f',
    contractSha256: 'decade0d5f1d0c62f5a2c7de1ad6a9f4dc0d4f1c0f4a3a86e76fbf0e3f4b1a8f',
    rows: 2000,
    threats: 932,
    duplicates: 120,
    train: { rows: 1600, threats: 746, groups: 1500 },
    test: { rows: 400, threats: 186, groups: 380 },
    folds: 2,
    group: 'features',
    time: null,
    warnings: [],
  },
  modelSelection: {
    metric: 'rocAuc',
    rule: 'Highest mean ROC AUC over 2 folds of the training part.',
    candidates: [
      {
        name: 'random-forest',
        learner: 'random-forest',
        imputer: 'none',
        encoder: 'ordinal',
        options: { nEstimators: 100, maxDepth: null },
        folds: [
          { metrics: { ...metricsOfFold, rocAuc: 0.984 }, fitMs: 410 },
          { metrics: { ...metricsOfFold, rocAuc: 0.98 }, fitMs: 430 },
        ],
        mean: { rocAuc: 0.982, accuracy: 0.945 },
        std: { rocAuc: 0.002, accuracy: 0 },
        selected: true,
      },
      {
        name: 'logistic-regression',
        learner: 'logistic-regression',
        imputer: 'most-frequent',
        encoder: 'one-hot',
        options: { C: 1 },
        folds: [
          { metrics: { ...metricsOfFold, rocAuc: 0.971 }, fitMs: 120 },
          { metrics: { ...metricsOfFold, rocAuc: 0.975 }, fitMs: 124 },
        ],
        mean: { rocAuc: 0.973, accuracy: 0.945 },
        std: { rocAuc: 0.002, accuracy: 0 },
        selected: false,
      },
    ],
    search: null,
  },
  evaluation: {
    test: { metrics: metricsOfTest, intervals: intervalsOfTest },
    validation: { metrics: { ...metricsOfTest, rows: 1600 }, intervals: intervalsOfTest },
    curves: {
      roc: [
        { threshold: null, falsePositiveRate: 0, truePositiveRate: 0 },
        { threshold: 0.99, falsePositiveRate: 0.001, truePositiveRate: 0.4 },
        {
          threshold: 0.8,
          falsePositiveRate: 0.01,
          truePositiveRate: 0.8,
          band: { truePositiveRate: [0.75, 0.84] },
        },
        { threshold: 0.01, falsePositiveRate: 1, truePositiveRate: 1 },
      ],
      precisionRecall: [
        { threshold: 0.99, precision: 0.99, recall: 0.4 },
        { threshold: 0.8, precision: 0.97, recall: 0.8 },
        { threshold: 0.01, precision: 0.465, recall: 1 },
      ],
      reliability: [
        { predicted: 0.03, observed: 0.05, rows: 210, band: { observed: [0.02, 0.08] } },
        { predicted: 0.96, observed: 0.925, rows: 190 },
      ],
    },
    importance: [
      { feature: 'URL_Length', mean: 0.02, std: 0.001 },
      { feature: 'having_IP_Address', mean: 0.08, std: 0.004 },
    ],
  },
  thresholds: [
    {
      verdict: 'suspicious',
      threshold: 0.44,
      policy: { policy: 'max-f1' },
      achieved: 0.9341,
      reached: true,
      confusion: metricsOfTest.confusion,
    },
    {
      verdict: 'malicious',
      threshold: 0.71,
      policy: { policy: 'target-precision', value: 0.98 },
      achieved: 0.9802,
      reached: true,
      confusion: { tp: 150, fp: 3, tn: 211, fn: 36 },
    },
  ],
  gate: {
    passed: true,
    champion: 2,
    checks: [
      {
        name: 'rocAuc',
        passed: true,
        message: 'rocAuc 0.9850, at least 0.98',
        observed: 0.985,
        limit: 0.98,
      },
    ],
  },
  caveatsAndRecommendations: ['Precision and false-positive rate rest on 8 false positives.'],
  deployments: {
    aliases: ['champion'],
    moves: [
      {
        move: 5,
        alias: 'champion',
        kind: 'promote',
        from: 2,
        to: 3,
        actor: 'run 0a51b3a4-8f55-4a7c-9f0e-2f6f3d0a9c11',
        reason: 'passed the gate',
        at: new Date('2026-03-01T02:00:10Z'),
      },
    ],
  },
};
