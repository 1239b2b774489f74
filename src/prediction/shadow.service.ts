import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { toError } from '../common/errors.js';
import { Backlog } from './backlog.js';
import type { JsonRecord, LoadedVersion } from './loaded-version.js';
import type { Scored } from './scored.js';

/** Records that wait to be scored in the shadow; a challenger that is further behind leaves some out. */
const maxWaiting = 10_000;

/** Scores what the champion answered a second time with a challenger, behind the answers. */
@Injectable()
export class ShadowService {
  private readonly logger = new Logger(ShadowService.name);
  private readonly backlog = new Backlog(maxWaiting);
  private readonly counts = new Map<string, number>();
  private readonly failed = new WeakSet<LoadedVersion>();

  /** Records of a detector that a challenger fell behind with or failed on, since the process started. */
  leftOut(detector: string): number {
    return this.counts.get(detector) ?? 0;
  }

  /** Gives answers to `tell` behind the response, with the challenger's verdicts where there is one that keeps up. */
  accompany(
    scored: readonly Scored[],
    records: readonly JsonRecord[],
    challenger: LoadedVersion | null,
    tell: (scored: readonly Scored[]) => void,
  ): void {
    if (challenger) {
      const work = async (): Promise<void> => tell(await this.score(scored, records, challenger));
      if (this.backlog.add(scored.length, work)) return;
      this.leaveOut(scored);
    }
    setImmediate(() => tell(scored));
  }

  /** Resolves when all that was answered so far has been told. */
  async caughtUp(): Promise<void> {
    await nextTurn();
    await this.backlog.done();
  }

  private async score(
    scored: readonly Scored[],
    records: readonly JsonRecord[],
    challenger: LoadedVersion,
  ): Promise<readonly Scored[]> {
    try {
      return await shadowed(scored, records, challenger);
    } catch (error) {
      if (!this.failed.has(challenger)) this.logger.error(toError(error));
      this.failed.add(challenger);
      this.leaveOut(scored);
      return scored;
    }
  }

  private leaveOut(scored: readonly Scored[]): void {
    const { detector } = scored[0];
    this.counts.set(detector, this.leftOut(detector) + scored.length);
  }
}

/** A record that the challenger's contract does not take has no verdict of it. */
async function shadowed(
  scored: readonly Scored[],
  records: readonly JsonRecord[],
  challenger: LoadedVersion,
): Promise<Scored[]> {
  const { model, version } = challenger;
  const read = records.map((record) => challenger.read(record));
  const fitting = read.flatMap((item) => ('values' in item ? [item.values] : []));
  const probabilities = model.score(await challenger.features(fitting)).values();
  return scored.map((one, i) => {
    if (!('values' in read[i])) return one;
    const probability = probabilities.next().value!;
    return { ...one, shadow: { version, probability, verdict: model.verdictOf(probability) } };
  });
}
