import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { toError } from '../common/errors.js';
import type { Item } from '../detector/kind.js';
import { Backlog } from './backlog.js';
import type { LoadedVersion } from './loaded-version.js';
import type { ModelVerdict, ScoredItem } from './scored-item.js';
import type { ReadAgain } from './scorer.js';

/** Items that wait to be scored in the shadow; a challenger that is further behind leaves some out. */
const maxWaiting = 10_000;

/** Scores a second time with a challenger what was scored for a request, behind the response. */
@Injectable()
export class ShadowService {
  private readonly logger = new Logger(ShadowService.name);
  private readonly backlog = new Backlog(maxWaiting);
  private readonly counts = new Map<string, number>();
  private readonly failed = new WeakSet<LoadedVersion>();

  /** Items of a detector that a challenger fell behind with or failed on, since the process started. */
  leftOut(detector: string): number {
    return this.counts.get(detector) ?? 0;
  }

  /** Publishes the items of a request behind its response, with the challenger's verdicts where it keeps up. */
  follow(
    scored: readonly ScoredItem[],
    items: readonly Item[],
    challenger: LoadedVersion | null,
    readAgain: ReadAgain,
    publish: (scored: readonly ScoredItem[]) => void,
  ): void {
    if (challenger) {
      const work = async (): Promise<void> => publish(await this.score(scored, items, challenger, readAgain));
      if (this.backlog.add(scored.length, work)) return;
      this.leaveOut(scored);
    }
    setImmediate(() => publish(scored));
  }

  /** Resolves when all that was scored so far has been published. */
  async settled(): Promise<void> {
    await nextTurn();
    await this.backlog.done();
  }

  private async score(
    scored: readonly ScoredItem[],
    items: readonly Item[],
    challenger: LoadedVersion,
    readAgain: ReadAgain,
  ): Promise<readonly ScoredItem[]> {
    try {
      return await shadowed(scored, items, challenger, readAgain);
    } catch (error) {
      if (!this.failed.has(challenger)) this.logger.error(toError(error));
      this.failed.add(challenger);
      this.leaveOut(scored);
      return scored;
    }
  }

  private leaveOut(scored: readonly ScoredItem[]): void {
    const { detector } = scored[0];
    this.counts.set(detector, this.leftOut(detector) + scored.length);
  }
}

/** In the context of the request. An item that the challenger's contract does not take has no verdict of it. */
async function shadowed(
  scored: readonly ScoredItem[],
  items: readonly Item[],
  challenger: LoadedVersion,
  readAgain: ReadAgain,
): Promise<ScoredItem[]> {
  const { model, version } = challenger;
  const read = items.map((_, i) => readAgain(challenger, i));
  const fitting = read.filter((item) => item !== null);
  const { x } = await challenger.featurize(fitting, scored[0].request ? 'request' : 'alone');
  const probabilities = model.score(x).values();
  return scored.map((one, i) => {
    if (read[i] === null) return one;
    const probability = probabilities.next().value!;
    const shadow: ModelVerdict = { version, probability, verdict: model.verdictOf(probability) };
    return { ...one, shadow };
  });
}
