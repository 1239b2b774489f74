import { Injectable } from '@nestjs/common';
import type { Proportion } from '../../ml/proportions.js';
import { PredictionLog, type Window } from '../predictions.repository.js';
import { countOf, feedbackOf, isThreat, precisionOf, threatsOf } from '../window-report.js';
import { type Opinions, SecondOpinionService } from './second-opinion.service.js';
import type { Baseline, Seen } from './watch-verdict.js';
import type { Watch } from './watch.schema.js';

/** Feedback comes late and is rare: the previous version's precision is that of this time. */
const feedbackMs = 30 * 86_400_000;

/** Most records of a look that the previous version is asked about. */
const sampleSize = 500;

const none: Proportion = { successes: 0, trials: 0 };
export const nothingSeen: Seen = {
  threats: none,
  precision: none,
  previousThreats: none,
  benignToThreat: 0,
  threatToBenign: 0,
};

/** Counts what the judgement on a promoted version rests on. */
@Injectable()
export class WatchEvidenceService {
  constructor(
    private readonly log: PredictionLog,
    private readonly secondOpinion: SecondOpinionService,
  ) {}

  /** What a version did before it was replaced. @param ms length of the window for its threats */
  async baseline(detector: string, version: number, replacedAt: Date, ms: number): Promise<Baseline> {
    const before = (time: number): Window => ({
      since: new Date(replacedAt.getTime() - time),
      until: replacedAt,
    });
    const answers = await this.log.tally(detector, { version, ...before(ms) });
    const labelled = await this.log.tally(detector, { version, labelled: true, ...before(feedbackMs) });
    return { threats: threatsOf(answers), precision: precisionOf(feedbackOf(labelled)) };
  }

  /** What has been seen, with the answers from `countedUntil` to `until` added to it. */
  async seenBy({ detector, version, previous, promotedAt, ...watch }: Watch, until: Date): Promise<Seen> {
    const window = { since: watch.countedUntil, until };
    const tallies = await this.log.tally(detector, { version, ...window });
    const labelled = await this.log.tally(detector, { version, labelled: true, since: promotedAt });
    const sample =
      countOf(tallies) === 0 ? [] : await this.log.answersOf(detector, version, window, sampleSize);
    const opinions = await this.secondOpinion.ask(detector, previous, sample);
    return {
      ...withOpinions(watch.seen, opinions),
      threats: sum(watch.seen.threats, threatsOf(tallies)),
      precision: precisionOf(feedbackOf(labelled)),
    };
  }

  /** Gives back what was held in memory for a watch that is over. */
  finish(detector: string): void {
    this.secondOpinion.forget(detector);
  }
}

function withOpinions(seen: Seen, opinions: readonly Opinions[]): Seen {
  const count = (answered: boolean, second: boolean): number =>
    opinions.filter(
      (opinion) => isThreat(opinion.answered) === answered && isThreat(opinion.second) === second,
    ).length;
  const [benignToThreat, threatToBenign] = [count(true, false), count(false, true)];
  const previousThreats = { successes: count(true, true) + threatToBenign, trials: opinions.length };
  return {
    ...seen,
    previousThreats: sum(seen.previousThreats, previousThreats),
    benignToThreat: seen.benignToThreat + benignToThreat,
    threatToBenign: seen.threatToBenign + threatToBenign,
  };
}

function sum(a: Proportion, b: Proportion): Proportion {
  return { successes: a.successes + b.successes, trials: a.trials + b.trials };
}
