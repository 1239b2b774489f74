import { Injectable } from '@nestjs/common';
import type { Proportion } from '../../ml/proportions.js';
import { PredictionLog, type Window } from '../log/predictions.repository.js';
import { countOf, feedbackOf, isThreat, precisionOf, threatsOf } from '../window-report.js';
import { type Rescored, RescoringService } from '../log/rescoring.service.js';
import type { Baseline, Seen } from './watch-verdict.js';
import type { Watch } from './watch.schema.js';

/** Feedback comes late and is rare: the previous version's precision is that of this time. */
const feedbackMs = 30 * 86_400_000;

/** Most items of a look that the previous version scores as well. */
const sampleSize = 500;

const none: Proportion = { successes: 0, trials: 0 };
export const nothingSeen: Seen = {
  threats: none,
  precision: none,
  previousThreats: none,
  benignToThreat: 0,
  threatToBenign: 0,
  leftOut: 0,
};

/** Counts what decides whether a promoted version stays: what the versions say by themselves, lists and findings aside. */
@Injectable()
export class WatchEvidenceService {
  constructor(
    private readonly log: PredictionLog,
    private readonly rescoring: RescoringService,
  ) {}

  /** What a version did before it was replaced. @param ms length of the window for its threats */
  async baseline(detector: string, version: number, replacedAt: Date, ms: number): Promise<Baseline> {
    const before = (time: number): Window => ({
      since: new Date(replacedAt.getTime() - time),
      until: replacedAt,
    });
    const tallies = await this.log.tally(detector, { version, ...before(ms) });
    const labelled = await this.log.tally(detector, { version, labelled: true, ...before(feedbackMs) });
    return { threats: threatsOf(tallies), precision: precisionOf(feedbackOf(labelled)) };
  }

  /** What has been seen, with the predictions from `countedUntil` to `until` added to it. */
  async seenBy({ detector, version, previous, promotedAt, ...watch }: Watch, until: Date): Promise<Seen> {
    const window = { since: watch.countedUntil, until };
    const tallies = await this.log.tally(detector, { version, ...window });
    const labelled = await this.log.tally(detector, { version, labelled: true, since: promotedAt });
    const sample =
      countOf(tallies) === 0 ? [] : await this.log.firstOf(detector, version, window, sampleSize);
    const rescored = await this.rescoring.rescore(detector, previous, sample);
    return {
      ...withPairs(watch.seen, rescored),
      threats: sum(watch.seen.threats, threatsOf(tallies)),
      precision: precisionOf(feedbackOf(labelled)),
    };
  }
}

function withPairs(seen: Seen, { pairs, leftOut }: Rescored): Seen {
  const count = (promoted: boolean, previous: boolean): number =>
    pairs.filter(({ logged, again }) => isThreat(logged) === promoted && isThreat(again) === previous).length;
  const [benignToThreat, threatToBenign] = [count(true, false), count(false, true)];
  const previousThreats = { successes: count(true, true) + threatToBenign, trials: pairs.length };
  return {
    ...seen,
    previousThreats: sum(seen.previousThreats, previousThreats),
    benignToThreat: seen.benignToThreat + benignToThreat,
    threatToBenign: seen.threatToBenign + threatToBenign,
    leftOut: (seen.leftOut ?? 0) + leftOut,
  };
}

function sum(a: Proportion, b: Proportion): Proportion {
  return { successes: a.successes + b.successes, trials: a.trials + b.trials };
}
