import { wilsonInterval } from '../../ml/proportions.js';
import { type VerdictName, verdicts } from '../../registry/bundle/scoring-model.js';

/** What one version by itself says of records, in their order. */
export interface VersionScores {
  /** Of threat. */
  readonly probabilities: Float64Array;
  readonly verdicts: readonly VerdictName[];
}

/** The champion's and those of the version that might take its place. */
export interface ComparedScores {
  readonly champion: VersionScores;
  readonly previewed: VersionScores;
}

/** How many records change, of all that are looked at. */
export interface ChangedShare {
  readonly count: number;
  /** Null where there are no records. */
  readonly share: number | null;
  /** Wilson's, with 95 % coverage, as if no two records were alike. */
  readonly interval: readonly [number, number] | null;
}

export interface Flips {
  /** Another verdict, whichever. */
  readonly changed: ChangedShare;
  /** Benign for the champion, suspicious or malicious for the previewed version. */
  readonly toThreat: ChangedShare;
  /** The other way round. */
  readonly toBenign: ChangedShare;
}

/** Records that have something in common. */
export interface PreviewSlice {
  /** `day`, `source` or the contract's group column. */
  readonly by: string;
  readonly value: string;
  /** Places of its records. */
  readonly places: ArrayLike<number>;
}

export interface SliceFlips {
  readonly by: string;
  readonly value: string;
  readonly records: number;
  readonly flips: Flips;
  readonly meanChange: number;
}

/** By the champion's verdict, then by the previewed version's. */
export type VerdictMatrix = Readonly<Record<VerdictName, Readonly<Record<VerdictName, number>>>>;

/** Of the previewed version's probabilities minus the champion's; null where there are no records. */
export interface ProbabilityChange {
  readonly mean: number | null;
  readonly meanAbsolute: number | null;
  readonly maxAbsolute: number | null;
}

/** How the scores of two versions on the same records differ. */
export interface PreviewReport {
  readonly records: number;
  readonly verdicts: VerdictMatrix;
  readonly flips: Flips;
  readonly slices: readonly SliceFlips[];
  readonly probability: ProbabilityChange;
  /** Places of the records whose probability changes most, the greatest change first. */
  readonly mostChanged: readonly number[];
}

export function reportOf(
  scores: ComparedScores,
  slices: readonly PreviewSlice[],
  mostChanged: number,
): PreviewReport {
  const changes = scores.champion.probabilities.map((p, i) => scores.previewed.probabilities[i] - p);
  const all = Array.from(changes.keys());
  return {
    records: changes.length,
    verdicts: matrixOf(scores),
    flips: flipsOf(scores, all),
    slices: slices.map(({ by, value, places }) => ({
      ...{ by, value, records: places.length },
      flips: flipsOf(scores, places),
      meanChange: mean(Array.from(places, (place) => changes[place])),
    })),
    probability: changeOf(changes),
    mostChanged: all.sort((a, b) => Math.abs(changes[b]) - Math.abs(changes[a])).slice(0, mostChanged),
  };
}

function matrixOf({ champion, previewed }: ComparedScores): VerdictMatrix {
  const count = (from: VerdictName, to: VerdictName): number =>
    champion.verdicts.filter((verdict, i) => verdict === from && previewed.verdicts[i] === to).length;
  const row = (from: VerdictName): Record<VerdictName, number> =>
    Object.fromEntries(verdicts.map((to) => [to, count(from, to)])) as Record<VerdictName, number>;
  return Object.fromEntries(verdicts.map((from) => [from, row(from)])) as VerdictMatrix;
}

function flipsOf({ champion, previewed }: ComparedScores, places: ArrayLike<number>): Flips {
  const share = (flips: (from: VerdictName, to: VerdictName) => boolean): ChangedShare => {
    const trials = places.length;
    const flipped = Array.from(places).filter((i) => flips(champion.verdicts[i], previewed.verdicts[i]));
    const successes = flipped.length;
    return {
      count: successes,
      share: trials === 0 ? null : successes / trials,
      interval: wilsonInterval({ successes, trials }),
    };
  };
  return {
    changed: share((from, to) => from !== to),
    toThreat: share((from, to) => from === 'benign' && to !== 'benign'),
    toBenign: share((from, to) => from !== 'benign' && to === 'benign'),
  };
}

function changeOf(changes: Float64Array): ProbabilityChange {
  if (changes.length === 0) return { mean: null, meanAbsolute: null, maxAbsolute: null };
  const absolute = changes.map(Math.abs);
  return {
    mean: mean(changes),
    meanAbsolute: mean(absolute),
    maxAbsolute: absolute.reduce((most, change) => Math.max(most, change), 0),
  };
}

function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}
