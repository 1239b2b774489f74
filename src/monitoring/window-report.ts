import { type Proportion, shareOf, wilsonInterval } from '../ml/proportions.js';
import { type VerdictName, verdicts } from '../registry/bundle/scoring-model.js';
import type { Tally, Window } from './log/predictions.repository.js';

/** A share with what it is a share of. */
export interface Rate {
  /** Null of nothing. */
  readonly value: number | null;
  /** Wilson's 95 % interval. */
  readonly interval: readonly [number, number] | null;
  readonly count: number;
  readonly of: number;
}

/** Verdicts of the model with feedback; a threat is what it calls suspicious or malicious. */
export interface FeedbackCounts {
  readonly tp: number;
  readonly fp: number;
  readonly tn: number;
  readonly fn: number;
}

/** What one version scored in a window. */
export interface VersionReport {
  readonly version: number;
  readonly predictions: number;
  /** How many of them as a canary. */
  readonly asChallenger: number;
  readonly verdictShares: Readonly<Record<VerdictName, number>>;
  /** Verdicts that are not the model's own: lists or findings decided. */
  readonly overruled: Rate;
  /** Of the model's own verdicts. */
  readonly threatRate: Rate;
  readonly meanProbability: number;
  readonly feedback: FeedbackCounts & { readonly precision: Rate; readonly recall: Rate };
}

/** How two versions by themselves agree on the same items. */
export interface ShadowReport {
  /** That scored for the verdict. */
  readonly version: number;
  /** That scored in the shadow. */
  readonly shadow: number;
  readonly compared: number;
  /** Both call it a threat, or both do not. */
  readonly agreement: Rate;
  /** Benign to the version, a threat to the shadow. */
  readonly benignToThreat: number;
  readonly threatToBenign: number;
}

/**
 * The beginning of a window so that those who ask at about the same time ask for the same: of one that began over an hour
 * ago the minute, of one that began over a minute ago the second.
 */
export function roundedSince(since: Date, now = Date.now()): Date {
  const age = now - since.getTime();
  const step = age > 3_600_000 ? 60_000 : age > 60_000 ? 1000 : 1;
  return new Date(Math.floor(since.getTime() / step) * step);
}

/** A window in `count` parts, each of which begins where the one before ends; one part where there is nothing to cut. */
export function slicesOf(since: Date, until: Date, count: number): Required<Window>[] {
  const [from, span] = [since.getTime(), until.getTime() - since.getTime()];
  if (span < count) return [{ since, until }];
  const edges = Array.from({ length: count + 1 }, (_, i) => new Date(from + Math.round((span * i) / count)));
  return edges.slice(1).map((edge, i) => ({ since: edges[i], until: edge }));
}

export function isThreat(verdict: VerdictName): boolean {
  return verdict !== 'benign';
}

export function rateOf(proportion: Proportion): Rate {
  const { successes: count, trials: of } = proportion;
  return { value: shareOf(proportion), interval: wilsonInterval(proportion), count, of };
}

export function countOf(tallies: readonly Tally[]): number {
  return tallies.reduce((sum, { count }) => sum + count, 0);
}

export function threatsOf(tallies: readonly Tally[]): Proportion {
  const successes = countOf(tallies.filter(({ modelVerdict }) => isThreat(modelVerdict)));
  return { successes, trials: countOf(tallies) };
}

export function feedbackOf(tallies: readonly Tally[]): FeedbackCounts {
  const count = (label: 0 | 1, threat: boolean): number =>
    countOf(tallies.filter((tally) => tally.label === label && isThreat(tally.modelVerdict) === threat));
  return { tp: count(1, true), fp: count(0, true), tn: count(0, false), fn: count(1, false) };
}

/** Of what was called a threat and has feedback, what was one. */
export function precisionOf({ tp, fp }: Pick<FeedbackCounts, 'tp' | 'fp'>): Proportion {
  return { successes: tp, trials: tp + fp };
}

/** One report a version, the newest first. */
export function versionReports(tallies: readonly Tally[]): VersionReport[] {
  return groupsOf(tallies, ({ version }) => version)
    .map(versionReport)
    .sort((a, b) => b.version - a.version);
}

/** One report a pair of versions that were compared. */
export function shadowReports(tallies: readonly Tally[]): ShadowReport[] {
  const compared = tallies.filter((tally): tally is Compared => tally.shadow !== null);
  return groupsOf(compared, ({ version, shadow }) => `${version}/${shadow.version}`)
    .map(shadowReport)
    .sort((a, b) => b.version - a.version || b.shadow - a.shadow);
}

type Compared = Tally & { readonly shadow: NonNullable<Tally['shadow']> };

function versionReport(tallies: readonly Tally[]): VersionReport {
  const predictions = countOf(tallies);
  const shares = verdicts.map(
    (name) => [name, countOf(tallies.filter(({ verdict }) => verdict === name)) / predictions] as const,
  );
  const feedback = feedbackOf(tallies);
  const { tp, fn } = feedback;
  return {
    version: tallies[0].version,
    predictions,
    asChallenger: countOf(tallies.filter(({ servedBy }) => servedBy === 'challenger')),
    verdictShares: Object.fromEntries(shares) as Record<VerdictName, number>,
    overruled: rateOf({
      successes: countOf(tallies.filter(({ verdict, modelVerdict }) => verdict !== modelVerdict)),
      trials: predictions,
    }),
    threatRate: rateOf(threatsOf(tallies)),
    meanProbability: tallies.reduce((sum, { probability }) => sum + probability, 0) / predictions,
    feedback: {
      ...feedback,
      precision: rateOf(precisionOf(feedback)),
      recall: rateOf({ successes: tp, trials: tp + fn }),
    },
  };
}

function shadowReport(tallies: readonly Compared[]): ShadowReport {
  const count = (ofVersion: boolean, ofShadow: boolean): number =>
    countOf(
      tallies.filter(
        ({ modelVerdict, shadow }) =>
          isThreat(modelVerdict) === ofVersion && isThreat(shadow.verdict) === ofShadow,
      ),
    );
  const [benignToThreat, threatToBenign] = [count(false, true), count(true, false)];
  const compared = countOf(tallies);
  const { version, shadow } = tallies[0];
  return {
    version,
    shadow: shadow.version,
    compared,
    agreement: rateOf({ successes: compared - benignToThreat - threatToBenign, trials: compared }),
    benignToThreat,
    threatToBenign,
  };
}

function groupsOf<T>(items: readonly T[], keyOf: (item: T) => unknown): T[][] {
  const groups = new Map<unknown, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}
