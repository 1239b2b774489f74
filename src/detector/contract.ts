import { z } from 'zod';
import { mostCategories } from '../ml/learner.js';
import { candidateSchema, searchSchema } from './candidate.js';
import { flowFeatures } from './flow/flow-features.js';
import { retrainingSchema } from './retraining.js';
import { canonicalText } from './tabular/canonical-text.js';
import { urlFeatures } from './url/url-features.js';

/** A cell's text, however YAML typed it: `-1`, `1.0` and `yes` all compare as what was written. */
const cellText = z.union([z.string(), z.number(), z.boolean(), z.null()]).transform(String);
const share = z.number().min(0).max(1);
const featureName = z
  .string()
  .regex(/^[A-Za-z_][\w .-]*$/, 'letters, digits, blanks, dots, hyphens and underscores');

/** What `pandas.read_csv` takes for missing by itself (its documentation of `na_values`), case aside, and MySQL's dumps. */
const missingElsewhere = [
  '',
  '\\N',
  '#N/A',
  '#N/A N/A',
  '#NA',
  '-1.#IND',
  '-1.#QNAN',
  '1.#IND',
  '1.#QNAN',
  '-NaN',
  '<NA>',
  'N/A',
  'NA',
  'NaN',
  'None',
  'null',
];

const featureBase = {
  name: featureName,
  aliases: z.array(featureName).default([]),
  meaning: z.string().min(1),
};

const integerFeature = z.strictObject({
  ...featureBase,
  type: z.literal('integer'),
  /** Allowed values, each with the sentence that stands for it in a verdict's reasons. */
  values: z
    .record(z.string().regex(/^-?\d+$/, 'an integer'), z.string().min(1))
    .refine((values) => Object.keys(values).length > 0, 'at least one value')
    .optional(),
  min: z.number().int().optional(),
  max: z.number().int().optional(),
});

const numberFeature = z.strictObject({
  ...featureBase,
  type: z.literal('number'),
  min: z.number().optional(),
  max: z.number().optional(),
});

const categoryFeature = z.strictObject({
  ...featureBase,
  type: z.literal('category'),
  values: z
    .record(z.string(), z.string().min(1))
    .refine((values) => Object.keys(values).length > 0, 'at least one value'),
});

const feature = z.discriminatedUnion('type', [integerFeature, numberFeature, categoryFeature]);
type FeatureSource = z.input<typeof feature>;

const thresholdPolicy = z.discriminatedUnion('policy', [
  z.strictObject({ policy: z.literal('max-f1') }),
  z.strictObject({ policy: z.literal('fixed'), value: share }),
  z.strictObject({ policy: z.literal('target-precision'), value: share }),
  z.strictObject({
    policy: z.literal('target-false-positive-rate'),
    value: share,
    /** The share of the sources of labels that keep the rate each by itself; absent, all rows together keep it. */
    ofSources: share.optional(),
  }),
  z.strictObject({
    policy: z.literal('cost'),
    falsePositive: z.number().positive(),
    falseNegative: z.number().positive(),
  }),
]);

/** How many alerts a log may cause: where it causes more, the thresholds of that log rise. */
const budgetRule = z.strictObject({
  /** Of each host of the network, on an ordinary day. */
  alertsAHostADay: z.number().positive(),
  /** The lowest threshold of a log's first hour. */
  first: share,
  /** What is more probable is flagged however much there is of it. */
  most: share,
});

const metric = z.enum([
  'accuracy',
  'precision',
  'recall',
  'f1',
  'rocAuc',
  'averagePrecision',
  'recallAtFpr01',
  'recallAtFpr001',
]);
const measured = z.enum([...metric.options, 'falsePositiveRate', 'brier', 'logLoss', 'calibrationError']);
const limits = z.partialRecord(measured, z.number());
const warnAndFail = z.strictObject({ warn: share, fail: share });

/**
 * Rows of one group never stand on two sides of a split: rows that agree in all features, in the named ones, in a
 * column that is no feature (a capture, a customer), or in the registered domain of the URLs or hosts in one.
 */
const groupRule = z.union(
  [
    z.literal('features'),
    z.array(featureName).min(1),
    z.strictObject({ column: featureName }),
    z.strictObject({ registeredDomain: featureName }),
  ],
  "must be 'features', a list of features, { column: … } or { registeredDomain: … }",
);

/** How files of records are read. */
const inputRule = z.strictObject({
  /** What a line is taken to be that is not UTF-8: `refuse` rejects it. */
  notUtf8: z.enum(['refuse', 'latin1']).default('refuse'),
  /** Columns that the contract does not know: published data sets carry many beside the ones that matter. */
  unknownColumns: z.enum(['refuse', 'ignore']).default('refuse'),
  /** The columns of CSV files without a header, in their order. */
  columns: z.array(featureName).min(1).optional(),
  /** Columns that must never be learned from, each with the reason: read over where they come. */
  drop: z.record(featureName, z.string().min(1)).optional(),
});

const splitRule = z.strictObject({
  /** Share of the rows that test. */
  test: z.number().min(0.05).max(0.5),
  folds: z.number().int().min(2).max(50),
  /**
   * Whether a fold leaves out whole sources of labels, so that what it measures, and the thresholds chosen on it, hold for
   * sources that nothing was learned from. Sources too large for one fold are shared out by groups as ever.
   */
  wholeSources: z.boolean().optional(),
  /** Of everything random in the split. */
  seed: z.number().int().min(0),
  /** A column that is no feature and says when a row was seen: the latest rows test, and folds chain forward. */
  time: featureName.optional(),
});

/** Parts of the test rows (a label source, a value of the group column) on which a new version may not be worse. */
const sliceRule = z.strictObject({
  /** A smaller part says too little. */
  minRows: z.number().int().min(1).default(200),
  /** By how much it may fall behind the champion. */
  margin: z.number().min(0).max(1).default(0.03),
});

/** What rows count while a learner is fitted; one each where the contract says nothing. */
const weightingRule = z.strictObject({
  /** The classes weigh the same, the sources of labels by `sourceExponent`; both: within each class. */
  balance: z.array(z.enum(['source', 'label'])).default([]),
  /** A source whose rows count as n, groups and all, weighs n to the power of this: 0 as every other, 1 by its size. */
  sourceExponent: share.default(0),
  /** A group of n rows counts as n to the power of 1 less this: 0 as n rows, 1 as one. */
  groupExponent: share.default(0),
  /** Rows of which a feature is `max` or less have this share of their class. */
  strata: z.strictObject({ feature: featureName, max: z.number(), share: z.number().gt(0).lt(1) }).optional(),
});

/** Rows that learners of addresses are fitted on beside the records, and that nothing is measured on. */
const supplementRule = z.strictObject({
  /** The bare host of each benign record, where no record has it. */
  homePages: z.boolean().default(false),
  /** What made-up addresses of widely known domains weigh against the records of their class; 0: there are none. */
  knownDomains: share.default(0),
  /** The same of made-up addresses that imitate brands. */
  imitations: share.default(0),
  /** The same of pages made up on the hosts of benign records, laid out as anyone's are. */
  ordinaryPages: share.default(0),
});

/**
 * An isolation forest beside the learner, with scikit-learn's names: it says of each record how unlike all that was
 * learned from it is.
 */
const noveltyRule = z.strictObject({
  nEstimators: z.number().int().min(1).max(1000).default(50),
  /** Rows that each tree is grown on; all of the training part where it has fewer. */
  maxSamples: z.number().int().min(2).max(100_000).default(256),
});

/** What a training run may take. */
const trainingRule = z.strictObject({
  /** A run fails that a worker has been at for so long; null for never. */
  maxMinutes: z.number().positive().max(14_400).nullable().default(null),
});

/** How a promoted version is watched, and what makes the service go back to the version before it. */
const watchRule = z.strictObject({
  /** For so long after the promotion; 0: not at all. */
  minutes: z.number().min(0).max(43_200).default(60),
  /** Fewer predictions decide nothing. */
  minPredictions: z.number().int().min(1).default(200),
  /** Every comparison is by an interval of so many standard errors: it is made again and again while the watch lasts. */
  z: z.number().min(1).max(10).default(3),
  /** The threat rate may differ by so much from the previous version's. */
  threatRateMargin: share.default(0.05),
  /** Share of the records of which the previous version says otherwise. */
  maxFlipRate: share.default(0.1),
  /** Precision by feedback may be lower by so much than the previous version's. */
  precisionDrop: share.default(0.1),
});

/** Kinds of detectors: `tabular` takes the features as they are, the others work them out of raw records. */
export const kindNames = ['tabular', 'url', 'flow'] as const;
export type KindName = (typeof kindNames)[number];

const ownFeatures: Readonly<Partial<Record<KindName, readonly FeatureSource[]>>> = {
  url: urlFeatures.map(({ name, type, meaning }) => ({ name, type, meaning, aliases: [] })),
  flow: flowFeatures.map(({ name, type, meaning }) => ({ name, type, meaning, aliases: [] })),
};

/** Fills in the features of a kind that has its own, so that all that reads a contract finds them there. */
function withOwnFeatures(document: unknown): unknown {
  if (typeof document !== 'object' || document === null || 'features' in document) return document;
  const features = ownFeatures[(document as { kind?: KindName }).kind ?? 'tabular'];
  return features ? { ...document, features } : document;
}

const wholeContract = z
  .strictObject({
    detector: z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower case letters, digits and hyphens'),
    title: z.string().min(1),
    kind: z.enum(kindNames),
    source: z.strictObject({
      name: z.string().min(1),
      authors: z.string().optional(),
      doi: z.string().optional(),
      licence: z.string().optional(),
      /** File of this project that an empty database is filled with. */
      bundled: z.string().optional(),
      /** File of this project with a model bundle that serves until there is a better one. */
      baseline: z.string().optional(),
    }),
    label: z.strictObject({
      column: featureName,
      aliases: z.array(featureName).default([]),
      threat: z.array(cellText).min(1),
      benign: z.array(cellText).min(1),
    }),
    missing: z.array(cellText).default(missingElsewhere),
    input: inputRule.prefault({}),
    features: z.array(feature).min(1),
    group: groupRule,
    split: splitRule,
    weighting: weightingRule.optional(),
    supplement: supplementRule.optional(),
    validation: z.strictObject({
      minRows: z.number().int().min(20),
      missingShare: warnAndFail,
      threatShare: z.strictObject({ min: share, max: share }),
      conflictShare: warnAndFail,
      driftShare: z.strictObject({ warn: share }),
    }),
    selection: metric,
    candidates: z.array(candidateSchema).min(1),
    search: searchSchema.prefault({}),
    novelty: noveltyRule.optional(),
    calibration: z.enum(['none', 'platt', 'isotonic']),
    thresholds: z.strictObject({
      suspicious: thresholdPolicy,
      malicious: thresholdPolicy,
      budget: budgetRule.optional(),
    }),
    gate: z.strictObject({
      minimums: limits.default({}),
      maximums: limits.default({}),
      comparison: z.strictObject({ metric, margin: z.number().min(0).max(1) }),
      slices: sliceRule.prefault({}),
      /**
       * What decides on a new version that cannot be compared with the champion, because the champion's bundle is damaged
       * or it may have learned from the rows that test: `refuse` leaves the champion until someone promotes the new
       * version, `limits` promotes by the other rules of the gate alone.
       */
      whenNotComparable: z.enum(['refuse', 'limits']).default('refuse'),
      /** Median time of scoring one row, milliseconds. */
      latencyMs: z.number().positive().default(50),
      bundleBytes: z
        .number()
        .int()
        .positive()
        .default(256 * 2 ** 20),
    }),
    training: trainingRule.prefault({}),
    watch: watchRule.prefault({}),
    retraining: retrainingSchema.prefault({}),
  })
  .superRefine((contract, context) => {
    const issue = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });

    const spellings = new Map<string, string>();
    const claim = (spelling: string, path: (string | number)[]): void => {
      const folded = foldName(spelling);
      const owner = spellings.get(folded);
      if (owner !== undefined) issue(path, `'${spelling}' is taken by ${owner}`);
      else spellings.set(folded, path.join('.'));
    };
    contract.features.forEach((item, i) => {
      [item.name, ...item.aliases].forEach((spelling) => claim(spelling, ['features', i]));
      if ('min' in item && item.min !== undefined && item.max !== undefined && item.min > item.max) {
        issue(['features', i, 'min'], `min ${item.min} is above max ${item.max}`);
      }
    });
    [contract.label.column, ...contract.label.aliases].forEach((spelling) => claim(spelling, ['label']));
    splitColumns(contract).forEach(({ name, path }) => claim(name, path));
    for (const [name, reason] of Object.entries(contract.input.drop ?? {})) {
      const owner = spellings.get(foldName(name));
      if (owner !== undefined) issue(owner.split('.'), `'${name}' must not be learned from: ${reason}`);
    }

    const own = ownFeatures[contract.kind]?.map(({ name }) => name);
    if (own && own.join() !== contract.features.map(({ name }) => name).join()) {
      issue(
        ['features'],
        `are the program's own for the kind ${contract.kind}, as this version of it has them; leave them out`,
      );
    }

    const threats = new Set(contract.label.threat.map(canonicalText));
    const both = contract.label.benign.find((value) => threats.has(canonicalText(value)));
    if (both !== undefined) issue(['label', 'benign'], `'${both}' stands for threat and benign`);

    if (Array.isArray(contract.group)) {
      const names = new Set(contract.features.map((item) => item.name));
      contract.group.forEach((name, i) => {
        if (!names.has(name)) issue(['group', i], `no feature is named '${name}'`);
      });
    }
    const { strata } = contract.weighting ?? {};
    if (strata && !contract.features.some(({ name }) => name === strata.feature)) {
      issue(['weighting', 'strata', 'feature'], `no feature is named '${strata.feature}'`);
    }
    if (contract.supplement && contract.kind !== 'url') {
      issue(['supplement'], `there is none for detectors of the kind ${contract.kind}`);
    } else if (contract.supplement) {
      const { group, weighting } = contract;
      if (!(typeof group === 'object' && 'registeredDomain' in group && group.registeredDomain === 'url')) {
        issue(['supplement'], 'needs addresses to be grouped by `registeredDomain: url`');
      }
      if (!weighting?.balance.includes('source')) {
        issue(['supplement'], 'weighs with the sources, which `weighting.balance` does not list');
      }
    }
    if (contract.novelty && contract.kind === 'url') {
      issue(['novelty'], 'needs features that are all dense; those of the kind url have n-grams beside them');
    }
    if (contract.thresholds.budget && contract.kind !== 'flow') {
      issue(['thresholds', 'budget'], `only logs of flows have one, not the kind ${contract.kind}`);
    }
    const candidateNames = new Set<string>();
    contract.candidates.forEach(({ name, encoder }, i) => {
      if (candidateNames.has(name)) issue(['candidates', i, 'name'], `a second candidate named '${name}'`);
      candidateNames.add(name);
      if (encoder !== 'native') return;
      const categories = contract.features.filter((item) => item.type === 'category');
      const large = categories.find(({ values }) => Object.keys(values).length > mostCategories);
      if (categories.length === 0)
        issue(['candidates', i, 'encoder'], 'native, but no feature is a category');
      if (large) {
        issue(['candidates', i, 'encoder'], `native takes ${mostCategories} values, ${large.name} has more`);
      }
    });
    if (contract.candidates.every((item) => item.optional)) {
      issue(['candidates'], 'at least one must not be optional');
    }
    if (contract.validation.threatShare.min >= contract.validation.threatShare.max) {
      issue(['validation', 'threatShare'], 'min must be below max');
    }
  });

export const contractSchema = z.preprocess(withOwnFeatures, wholeContract);

/** A dataset contract as the code uses it: checked, defaults filled in. */
export type Contract = z.infer<typeof wholeContract>;
/** The same as a file gives it. */
export type ContractSource = z.input<typeof wholeContract>;
export type Feature = Contract['features'][number];
export type Candidate = Contract['candidates'][number];
export type WatchRule = Contract['watch'];
export type ThresholdPolicy = Contract['thresholds']['malicious'];
export type GateMetric = z.infer<typeof measured>;

/** A column that is no feature but decides where a row goes when the data is split. */
export interface SplitColumn {
  readonly name: string;
  /** What its cells are: the name of a group, a URL or host, or a time. */
  readonly holds: 'group' | 'host' | 'time';
  /** Where the contract names it. */
  readonly path: (string | number)[];
}

/** At most one for groups, then at most one for times. Labelled data must have them; learners never see them. */
export function splitColumns({
  group,
  split,
}: {
  readonly group: z.infer<typeof groupRule>;
  readonly split: z.infer<typeof splitRule>;
}): SplitColumn[] {
  const columns: SplitColumn[] = [];
  if (typeof group === 'object' && 'column' in group)
    columns.push({ name: group.column, holds: 'group', path: ['group', 'column'] });
  if (typeof group === 'object' && 'registeredDomain' in group)
    columns.push({ name: group.registeredDomain, holds: 'host', path: ['group', 'registeredDomain'] });
  if (split.time !== undefined) columns.push({ name: split.time, holds: 'time', path: ['split', 'time'] });
  return columns;
}

/** Two spellings of one column compare equal by their letters and digits: `SSLfinal_State`, `ssl final state`. */
export function foldName(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}

/** A feature's allowed values as cells hold them, in the contract's order; undefined where any number goes. */
export function allowedValues(item: Feature): readonly (number | string)[] | undefined {
  if (item.type === 'category') return Object.keys(item.values);
  if (item.type === 'integer' && item.values) {
    return Object.keys(item.values)
      .map(Number)
      .sort((a, b) => a - b);
  }
  return undefined;
}
