import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { toError } from '../common/errors.js';
import { Poller } from '../common/poller.js';
import type { CanonicalUrl } from '../detector/url/canonical-url.js';
import { type OwnBrandImitation, OwnBrands } from '../detector/url/own-brands.js';
import type { HeldEntry } from './held-entry.js';
import type { ListEntry } from './list-entry.schema.js';
import { type FlowEnds, type FlowMatch, ListMatcher } from './list-matcher.js';
import { ListsRepository } from './lists.repository.js';

/** Changes by other processes take effect within this time. */
const lookEveryMs = 1000;
/** A change may be written this long after its time by the database's clock. */
const overlapMs = 5000;

/** What someone has decided: kept in the database, held in memory by every process that scores. */
@Injectable()
export class ListsService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(ListsService.name);
  /** What is allowed and denied. */
  private readonly decisions = new ListMatcher();
  private readonly suppressions = new ListMatcher();
  private readonly brands = new Map<string, ListEntry>();
  private ownBrands = new OwnBrands([]);
  private hadEntries = false;
  private seenUntil: Date | null = null;
  /** When `seenUntil` was last moved, on this process's own clock. */
  private movedAt = 0;
  private readonly poller = new Poller(
    () => this.look(),
    (error) => this.logger.debug(toError(error)),
  );

  constructor(private readonly repository: ListsRepository) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.refresh();
    this.poller.begin(lookEveryMs);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.poller.stop();
  }

  /** Whether there was never an entry, so that nothing needs to be looked for. */
  get isEmpty(): boolean {
    return !this.hadEntries;
  }

  /** The entry that decides on an address; null where the models do. @param chain the address, then what it leads to */
  find(...chain: readonly CanonicalUrl[]): HeldEntry | null {
    return this.decisions.find(chain, new Date());
  }

  /** The entry that decides on a flow; null where models and findings do. */
  findFlow(flow: FlowEnds): FlowMatch | null {
    return this.decisions.findFlow(flow, new Date());
  }

  /** Whether a finding does not count: no alert is made of it, and it raises no verdict. */
  isExempt(kind: string, ends: FlowEnds): boolean {
    return this.decisions.findFinding(kind, ends, new Date())?.list === 'allow';
  }

  /** How an address, or one that it leads to, imitates a brand of one's own; null where none does. */
  imitationIn(...chain: readonly CanonicalUrl[]): OwnBrandImitation | null {
    if (this.brands.size === 0) return null;
    const found = chain
      .map((url) => this.ownBrands.imitatedBy(url))
      .filter((imitation) => imitation !== null);
    return found.find(({ isLure }) => isLure) ?? found[0] ?? null;
  }

  /** The entry that keeps the alerts about an address back at the moment. */
  suppressionOf(...chain: readonly CanonicalUrl[]): HeldEntry | null {
    return this.suppressions.find(chain, new Date());
  }

  /** The same about a flow; with a kind, about that finding. */
  flowSuppressionOf(ends: FlowEnds, kind?: string): HeldEntry | null {
    const now = new Date();
    if (kind !== undefined) return this.suppressions.findFinding(kind, ends, now);
    return this.suppressions.findFlow(ends, now)?.entry ?? null;
  }

  /** Takes in what has changed. While the database is away the lists stay as they are. */
  refresh(): Promise<void> {
    return this.poller.look();
  }

  private async look(): Promise<void> {
    let hasBrands = false;
    for await (const entry of this.repository.changes(this.since())) {
      this.take(entry);
      hasBrands ||= entry.list === 'brand';
      if (this.seenUntil === null || entry.changedAt > this.seenUntil) {
        this.seenUntil = entry.changedAt;
        this.movedAt = performance.now();
      }
    }
    if (hasBrands || this.dropExpiredBrands()) {
      this.ownBrands = new OwnBrands(
        [...this.brands.values()].map(({ value, domains }) => ({ name: value, domains })),
      );
    }
  }

  /** Whether there was one. */
  private dropExpiredBrands(): boolean {
    const now = new Date();
    const expired = [...this.brands.values()].filter(
      ({ expiresAt }) => expiresAt !== null && expiresAt <= now,
    );
    return expired.filter(({ _id }) => this.brands.delete(_id)).length > 0;
  }

  /** Once nothing has changed for long enough, what was seen last cannot have overtaken anything any more. */
  private since(): { after?: Date; from?: Date } {
    if (this.seenUntil === null) return {};
    const isSettled = performance.now() - this.movedAt > 2 * overlapMs;
    return isSettled ? { after: this.seenUntil } : { from: new Date(this.seenUntil.getTime() - overlapMs) };
  }

  private take(entry: ListEntry): void {
    this.hadEntries = true;
    if (entry.list === 'brand') {
      if (entry.removedAt) this.brands.delete(entry._id);
      else this.brands.set(entry._id, entry);
    } else {
      (entry.list === 'suppress' ? this.suppressions : this.decisions).put(entry);
    }
  }
}
