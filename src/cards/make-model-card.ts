import type { Contract } from '../detector/contract.js';
import type { ReferenceProfile } from '../ml/reference-profile.js';
import type { ModelBundle } from '../registry/bundle/bundle.js';
import { newLevel, noveltyLevels, type NoveltyState } from '../registry/bundle/novelty.js';
import type { ModelVersion } from '../registry/model-version.schema.js';
import { caveatsOf } from './caveats.js';
import { labelOf } from './metric-labels.js';
import type {
  CardData,
  CardEvaluation,
  CardNovelty,
  CardThreshold,
  IntendedUse,
  ModelCard,
  ModelDetails,
  ModelSelection,
} from './model-card.js';
import type { TrainingRecord } from './training-record.js';

/** The parts of a bundle that a card reads. */
export type DescribedBundle = Pick<
  ModelBundle,
  'contract' | 'calibrator' | 'thresholds' | 'reference' | 'metrics' | 'testFrom' | 'novelty'
>;

/**
 * The card of a version. Without a training record it says what the version's row and its bundle know, and null for
 * the rest.
 */
export function modelCard(
  version: ModelVersion,
  bundle: DescribedBundle,
  record: TrainingRecord = {},
): ModelCard {
  const card = {
    schemaVersion: 1,
    modelDetails: detailsOf(version, bundle, record),
    intendedUse: intendedUse(bundle.contract),
    data: dataOf(version, bundle, record),
    modelSelection: selectionOf(bundle.contract, record),
    evaluation: evaluationOf(version, bundle, record),
    thresholds: thresholdsOf(version, bundle, record),
    gate: record.gate ?? null,
    ...(bundle.novelty && { novelty: noveltyOf(bundle.novelty) }),
  } as const;
  return { ...card, caveatsAndRecommendations: caveatsOf(card) };
}

function detailsOf(
  version: ModelVersion,
  { contract, calibrator }: DescribedBundle,
  record: TrainingRecord,
): ModelDetails {
  const { detector, candidate, learner, lineage, sha256, size } = version;
  const tried = record.candidates?.find(({ selected }) => selected);
  const planned = contract.candidates.find(({ name }) => name === candidate);
  return {
    detector,
    version: version.version,
    title: contract.title,
    candidate,
    learner,
    options: tried?.options ?? planned?.options ?? null,
    imputer: planned?.imputer ?? null,
    encoder: planned?.encoder ?? null,
    calibration: calibrator.method,
    trainedAt: version.createdAt.toISOString(),
    fitMs: record.fitMs ?? null,
    run: lineage.run,
    actor: record.actor ?? null,
    seed: lineage.seed,
    codeVersion: lineage.codeVersion,
    sha256,
    size,
    features: contract.features.map(({ name, type, meaning }) => ({ name, type, meaning })),
  };
}

function intendedUse({ features, label }: Contract): IntendedUse {
  const many = features.length === 1 ? 'the one feature' : `the ${features.length} features`;
  return {
    primaryUses: [
      `Scoring records that have ${many} of the contract: each gets its probability of being a threat and a ` +
        'verdict (benign, suspicious or malicious).',
      'Ranking records for people who look into them, most probable threats first.',
    ],
    outOfScopeUses: [
      'Records whose features were worked out in another way, or are coded otherwise, than the contract says.',
      'Records of another population than the training data, until a labelled sample of it has been measured.',
    ],
    positiveClass: { name: 'threat', column: label.column, values: label.threat },
  };
}

function dataOf(
  { lineage, metrics }: ModelVersion,
  { contract, reference, testFrom }: DescribedBundle,
  { validation, groups, sources }: TrainingRecord,
): CardData {
  const train = { rows: reference.rows, threats: threatsOf(reference), groups: groups?.train ?? null };
  const { tp, fn } = metrics.confusion;
  const { time } = contract.split;
  const test = { rows: metrics.rows, threats: tp + fn, groups: groups?.test ?? null };
  return {
    source: contract.source,
    fingerprint: lineage.fingerprint,
    contractSha256: lineage.contractSha256,
    rows: lineage.rows,
    threats: validation?.threats ?? train.threats + test.threats,
    duplicates: validation?.duplicates ?? null,
    train,
    test,
    folds: contract.split.folds,
    group: contract.group,
    time:
      time === undefined
        ? null
        : { column: time, testFrom: testFrom === undefined ? null : isoTime(testFrom) },
    ...(sources && { sources }),
    warnings:
      validation?.checks.filter(({ status }) => status === 'warned').map(({ message }) => message) ?? [],
  };
}

function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

/** The profile's label column counts the values 0 and 1, in this order. */
function threatsOf({ label }: ReferenceProfile): number {
  return label?.counts[1] ?? 0;
}

function selectionOf({ selection, split }: Contract, record: TrainingRecord): ModelSelection | null {
  const { candidates, search = null } = record;
  if (!candidates?.length) return null;
  const apart = split.wholeSources
    ? 'each of whole sources where they are not too large, and fitted on no group that it measures'
    : 'cut so that no group stands in two of them';
  const folds = split.time === undefined ? apart : 'each measured by what was fitted on the rows before it';
  const rule =
    `Highest mean ${labelOf(selection)} over ${split.folds} folds of the training part, ${folds}; the first in the ` +
    'contract on ties. The winner was then fitted on the whole training part.';
  return { metric: selection, rule, candidates, search };
}

function evaluationOf(
  { metrics, intervals }: ModelVersion,
  bundle: DescribedBundle,
  { evaluation }: TrainingRecord,
): CardEvaluation {
  return {
    test: evaluation?.test ?? { metrics, intervals },
    validation: evaluation?.validation ?? { metrics: bundle.metrics.validation, intervals: null },
    curves: evaluation?.curves ?? null,
    importance: evaluation?.importance ?? null,
  };
}

/** Of the distribution, as much as a reader wants. */
const shownLevels = [0.5, 0.9, 0.99, 0.999, 0.9999, 1];

function noveltyOf({ rows, quantiles }: NoveltyState): CardNovelty {
  const scoreAt = (level: number): number => quantiles[noveltyLevels.indexOf(level)];
  return {
    learner: 'isolation-forest',
    rows,
    newAbove: scoreAt(newLevel),
    quantiles: shownLevels.map((level) => ({ level, score: scoreAt(level) })),
  };
}

function thresholdsOf(
  { metrics }: ModelVersion,
  { contract, thresholds }: DescribedBundle,
  { evaluation }: TrainingRecord,
): CardThreshold[] {
  return (['suspicious', 'malicious'] as const).map((verdict) => {
    const threshold = thresholds[verdict];
    const chosen = evaluation?.policies?.[verdict];
    // The metrics of the test part are those at `suspicious`.
    const known = threshold === thresholds.suspicious ? metrics.confusion : null;
    return {
      verdict,
      threshold,
      policy: contract.thresholds[verdict],
      achieved: chosen?.achieved ?? null,
      reached: chosen?.reached ?? null,
      confusion: evaluation?.test?.confusions?.[verdict] ?? known,
    };
  });
}
