import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Subject } from 'rxjs';
import { RequestInvalidError } from '../common/errors.js';
import { ContractsService } from '../detector/contracts.service.js';
import type { HostFinding } from '../detector/flow/host-finding.js';
import type { Item } from '../detector/kind.js';
import { kindOf } from '../detector/kinds.js';
import { ListsService } from '../lists/lists.service.js';
import { type ItemFault, readBody } from './items.js';
import type { JsonRecord } from './loaded-version.js';
import { ScoreMemory } from './score-memory.js';
import { type Explained, type ReadAgain, Scorer, type ScorerOptions } from './scorer.js';
import { type ScoredItem, scoredItem } from './scored-item.js';
import { type Served, takesCanary } from './served.js';
import { ServingService } from './serving.service.js';
import { ShadowService } from './shadow.service.js';
import type { Verdict } from './verdict.js';

export interface ScoreOptions {
  readonly explain?: Explained;
  /** Decides whether a canary scores; without one each item decides for itself. */
  readonly canaryKey?: string;
}

/** What came of a request. */
export interface ScoredBody {
  /** One an item, in order. */
  readonly verdicts: readonly Verdict[];
  /** What the request sent that is no item, in order; its places are not among the verdicts. */
  readonly faults: readonly ItemFault[];
  /** Whether the item came by itself and not in a list. */
  readonly single: boolean;
  /** What the items add up to; null where they are independent. */
  readonly hosts: readonly HostFinding[] | null;
}

/** Opens scorers, and scores what JSON requests send. */
@Injectable()
export class ScoringService {
  /** The items of JSON requests, a request at a time, behind its response. Files and logs are not among them. */
  readonly scored = new Subject<readonly ScoredItem[]>();

  private readonly memory = new ScoreMemory();

  constructor(
    private readonly contracts: ContractsService,
    private readonly serving: ServingService,
    private readonly shadow: ShadowService,
    private readonly lists: ListsService,
  ) {}

  /**
   * A verdict an item of a body as `readBody` takes it; items that depend on each other are each other's context.
   * @throws DetectorUnknownError, ModelUnavailableError, RequestInvalidError, RecordInvalidError; nothing is scored then
   */
  async score(detector: string, body: unknown, options: ScoreOptions = {}): Promise<ScoredBody> {
    const { explain = 'all', canaryKey } = options;
    const served = this.serving.get(detector);
    const { champion, trial } = served;
    const { items, faults, records, single } = readBody(champion, body);
    const readAgain: ReadAgain = (version, i) => {
      if (champion.contract.kind !== 'tabular') return items[i];
      const read = version.read(records[i] as JsonRecord);
      return 'item' in read ? read.item : null;
    };
    const { isIndependent } = kindOf(champion.contract);
    const scorer = this.open(() => served, {
      context: isIndependent || items.length === 1 ? 'alone' : 'request',
      explain,
      memory: this.memory,
      isForCanary: (tried, { values }) => takesCanary(tried, canaryKey ?? JSON.stringify(values)),
    });
    const verdicts = await scorer.score(items, readAgain);
    const challenger = trial?.mode === 'shadow' ? trial.challenger : null;
    const publish = (scored: readonly ScoredItem[]): void => this.scored.next(scored);
    this.shadow.follow(scoredItems(verdicts, isIndependent), items, challenger, readAgain, publish);
    return { verdicts, faults, single, hosts: isIndependent ? null : scorer.allFindings() };
  }

  open(served: () => Served, options: ScorerOptions): Scorer {
    return new Scorer(served, this.lists, options);
  }

  /**
   * For the items of one log: the champion's verdicts, also after it has changed.
   * @throws DetectorUnknownError, ModelUnavailableError, and RequestInvalidError for a detector that has no logs
   */
  openLog(detector: string, explain: Explained): Scorer {
    if (!kindOf(this.contracts.get(detector)).flowLogs) {
      throw new RequestInvalidError([{ path: 'detector', message: `${detector} does not score flows` }]);
    }
    return this.open(() => this.serving.get(detector), { context: 'log', explain });
  }

  /** Scores items that recur, with the champion. @throws ModelUnavailableError */
  scoreKnown(detector: string, items: readonly Item[], explain: Explained): Promise<Verdict[]> {
    const served = this.serving.get(detector);
    return this.open(() => served, { context: 'alone', explain, memory: this.memory }).score(items);
  }

  /** Resolves when all that was scored so far has been published, the challenger's verdicts with it. */
  settled(): Promise<void> {
    return this.shadow.settled();
  }
}

/** Items of one request that depend on each other are logged with their places in it. */
function scoredItems(verdicts: readonly Verdict[], isIndependent: boolean): ScoredItem[] {
  const at = new Date();
  const size = verdicts.length;
  const id = isIndependent || size === 1 ? null : randomUUID();
  return verdicts.map((verdict, place) => scoredItem(verdict, at, id === null ? null : { id, place, size }));
}
