import type { TaskContext } from '../../compute/compute.service.js';
import type { Contract } from '../../detector/contract.js';
import type { Value } from '../../detector/tabular/cells.js';
import type { Matrix } from '../../ml/matrix.js';
import type { ModelBundle } from '../../registry/bundle/bundle.js';
import { decodeBundle } from '../../registry/bundle/bundle-codec.js';
import { singleRowLatencies } from '../../registry/bundle/latency.js';
import { ScoringModel, type VerdictName } from '../../registry/bundle/scoring-model.js';
import { sameFeatures } from '../../transformation/holdout.js';
import { type PreviewRecords, readable } from './preview-records.js';
import { type PreviewReport, reportOf, type VersionScores } from './preview-report.js';

export interface PreviewInput {
  readonly contract: Contract;
  readonly records: PreviewRecords;
  /** Files of the bundles. */
  readonly champion: Uint8Array;
  readonly previewed: Uint8Array;
}

/** A record that two versions score differently. */
export interface ChangedRecord {
  /** The verdict's, of a logged one. */
  readonly id: string | null;
  readonly values: Readonly<Record<string, Value>>;
  readonly champion: { readonly probability: number; readonly verdict: VerdictName };
  readonly previewed: { readonly probability: number; readonly verdict: VerdictName };
}

export interface PreviewResult extends Omit<PreviewReport, 'mostChanged'> {
  readonly changed: readonly ChangedRecord[];
  /** Median time of scoring one row alone, milliseconds; null where there are no records. */
  readonly latencyMs: { readonly champion: number; readonly previewed: number } | null;
  readonly unseen: boolean | null;
  /** Logged records that cannot be scored again as they were. */
  readonly leftOut: number;
  /** When the first and the last of logged records were scored. */
  readonly between: readonly [Date, Date] | null;
}

const shownRecords = 10;
/** Different rows for the measuring of time. */
const timedRows = 100;

/** Scores the same records with two versions. Null where a version has other features than the contract. */
export default async function preview(input: PreviewInput, _: TaskContext): Promise<PreviewResult | null> {
  const { contract, records } = input;
  const bundles = [input.champion, input.previewed].map(decodeBundle);
  if (!bundles.every((bundle) => sameFeatures(contract, bundle.contract))) return null;
  const { x, slices, idOf, valuesOf, unseen, leftOut, between } = await readable(contract, records, bundles);
  const models = bundles.map((bundle: ModelBundle) => ScoringModel.from(bundle));
  const [champion, previewed] = models.map((model) => scoresOf(model, x));
  const { mostChanged, ...report } = reportOf({ champion, previewed }, slices, shownRecords);
  return {
    ...report,
    changed: mostChanged.map((place) => ({
      id: idOf(place),
      values: valuesOf(place),
      champion: scoreAt(champion, place),
      previewed: scoreAt(previewed, place),
    })),
    latencyMs: latenciesOf(models, x),
    unseen,
    leftOut,
    between,
  };
}

function scoresOf(model: ScoringModel, x: Matrix): VersionScores {
  const probabilities = model.score(x);
  return { probabilities, verdicts: Array.from(probabilities, (p) => model.verdictOf(p)) };
}

function scoreAt({ probabilities, verdicts }: VersionScores, place: number): ChangedRecord['champion'] {
  return { probability: probabilities[place], verdict: verdicts[place] };
}

function latenciesOf(models: readonly ScoringModel[], x: Matrix): PreviewResult['latencyMs'] {
  if (x.rows === 0) return null;
  const rows = Array.from({ length: Math.min(timedRows, x.rows) }, (_, i) => x.take([i]));
  const [champion, previewed] = singleRowLatencies(models, rows);
  return { champion, previewed };
}
