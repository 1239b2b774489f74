import { figureOf, labelOf } from './metric-labels.js';
import type { ModelCard } from './model-card.js';
import { count, figure, percent } from './number-text.js';
import type { PartRecord } from './training-record.js';

type Described = Omit<ModelCard, 'caveatsAndRecommendations'>;

/** A share resting on fewer rows than this is called uncertain: one row more or less moves it by over 3 %. */
const fewRows = 30;

/** A share of threats as traffic may have it, for the precision that remains there. */
export const rareShare = 0.001;

/** What a reader of the figures has to know, in sentences that are true of this very card. */
export function caveatsOf(card: Described): string[] {
  return [
    ...aboutKnowledge(card),
    ...aboutFigures(card),
    ...aboutIntervals(card),
    ...aboutBaseRate(card),
    ...aboutSmallCounts(card),
    ...aboutThresholds(card),
    ...aboutData(card),
    ...aboutGate(card),
  ];
}

function aboutKnowledge({ modelSelection, evaluation: { curves } }: Described): string[] {
  if (modelSelection && curves) return [];
  return [
    'This card was made from the version and its bundle alone: candidates, curves and intervals of the ' +
      'validation part are not known.',
  ];
}

function aboutFigures({ data, modelDetails, modelSelection }: Described): string[] {
  const groups = data.test.groups === null ? 'whole groups' : `the ${count(data.test.groups)} groups`;
  const tried = modelSelection?.candidates.reduce((sum, candidate) => sum + (candidate.tried ?? 1), 0) ?? 1;
  return [
    'The positive class is the threat: recall is the share of threats found, and a probability is that of a threat.',
    `Intervals cover 95 % of a bootstrap that draws ${groups} of the part anew. They tell what other rows of the ` +
      'same population would have given, not what another training or another time would.',
    'Calibration and thresholds were chosen on the validation part, so its figures are a little too good; the test ' +
      'part chose nothing.',
    ...(tried > 1
      ? [
          `The winner's cross-validated ${labelOf(modelSelection!.metric)} is the best of ${count(tried)}, which makes it a ` +
            'little too good as well.',
        ]
      : []),
    ...(modelDetails.calibration === 'none'
      ? ['The probabilities are the learner’s own: they were not calibrated.']
      : []),
    'The figures are of all test rows together; parts of them may do worse.',
    `Drift is measured against the ${count(data.train.rows)} training rows.`,
  ];
}

/** Drawing rows again makes some metrics larger than they are, such as a mean of absolute differences. */
function aboutIntervals({ evaluation: { test, validation } }: Described): string[] {
  const outside = ({ metrics, intervals }: PartRecord): string[] =>
    Object.entries(intervals ?? {}).flatMap(([name, interval]) => {
      const value = figureOf(metrics, name);
      return interval && value !== null && (value < interval[0] || value > interval[1]) ? [name] : [];
    });
  return [...new Set([...outside(test), ...outside(validation)])].map(
    (name) => `Resampling shifts the ${labelOf(name)}: its interval does not hold the figure itself.`,
  );
}

/** Precision depends on how many threats there are; recall and the false-positive rate do not. */
function aboutBaseRate({ data: { test }, evaluation }: Described): string[] {
  const recall = figureOf(evaluation.test.metrics, 'recall');
  const falsePositiveRate = figureOf(evaluation.test.metrics, 'falsePositiveRate');
  const share = test.threats / test.rows;
  if (recall === null || falsePositiveRate === null || share <= rareShare) return [];
  const right = recall * rareShare;
  const wrong = falsePositiveRate * (1 - rareShare);
  if (right + wrong === 0) return [];
  return [
    `${percent(share)} of the test rows are threats. Where 1 in 1,000 is, precision from ` +
      `‘suspicious’ on would be about ${figure(right / (right + wrong), 2)} at the same recall and false-positive ` +
      'rate, and the probabilities would read too high.',
  ];
}

function aboutSmallCounts({ evaluation: { test, curves } }: Described): string[] {
  const { fp, fn } = test.metrics.confusion;
  const thin = curves?.reliability?.filter(({ rows }) => rows < fewRows).length ?? 0;
  return [
    ...(fp < fewRows
      ? [`Precision and false-positive rate rest on few false positives (${count(fp)}).`]
      : []),
    ...(fn < fewRows ? [`Recall rests on few missed threats (${count(fn)}).`] : []),
    ...(thin > 0
      ? [`${thin} of ${curves!.reliability!.length} bins of the calibration hold fewer than ${fewRows} rows.`]
      : []),
  ];
}

function aboutThresholds({ thresholds }: Described): string[] {
  return thresholds
    .filter(({ reached }) => reached === false)
    .map(
      ({ verdict, achieved }) =>
        `The aim of the threshold for ‘${verdict}’ could not be reached on the validation part` +
        `${achieved === null ? '' : ` (${figure(achieved)} was)`}.`,
    );
}

function aboutData({ data }: Described): string[] {
  return [
    ...(data.source.licence === undefined ? ['The contract names no licence of the data.'] : []),
    ...(data.duplicates
      ? [
          `${count(data.duplicates)} of ${count(data.rows)} rows repeat an earlier one; ${sidesOf(data)}, and they weigh ` +
            'more than once in training and in every figure.',
        ]
      : []),
    ...data.warnings.map((warning) => `Validation warned: ${warning}`),
  ];
}

/** Equal rows agree in all columns that are features, but not in the others that a contract may group by. */
function sidesOf({ group }: Described['data']): string {
  return group === 'features' || Array.isArray(group)
    ? 'splits keep such rows on one side'
    : 'splits keep such rows on one side only where they are of one group';
}

function aboutGate({ gate }: Described): string[] {
  if (!gate || gate.passed) return [];
  const failed = gate.checks.filter(({ passed }) => !passed).map(({ message }) => message);
  return [`The version did not pass the gate: ${failed.join('; ')}.`];
}
