import { Injectable } from '@nestjs/common';
import { ContractsService } from '../detector/contracts.service.js';
import { isFault, type Item } from '../detector/kind.js';
import { kindOf } from '../detector/kinds.js';
import { ModelUnavailableError } from './prediction.errors.js';
import type { Explained } from './scorer.js';
import { ScoringService } from './scoring.service.js';
import type { Verdict } from './verdict.js';

/** The detector that scores the addresses which a sensor saw being asked for. */
export const urlDetector = 'url';

export type EventUrl = { readonly verdict: Verdict } | { readonly error: string };

/** Scores the addresses that logs of flows name. */
@Injectable()
export class EventUrlsService {
  constructor(
    private readonly contracts: ContractsService,
    private readonly scoring: ScoringService,
  ) {}

  /** One result an address, in order; null while nothing serves the detector. */
  async score(urls: readonly string[], explain: Explained): Promise<EventUrl[] | null> {
    const kind = kindOf(this.contracts.get(urlDetector));
    const read = urls.map((url) => kind.item([url.trim()]));
    const verdicts = await this.verdictsOn(
      read.filter((item): item is Item => !isFault(item)),
      explain,
    );
    if (verdicts === null) return null;
    const next = verdicts[Symbol.iterator]();
    return read.map((item) => (isFault(item) ? { error: item.message } : { verdict: next.next().value! }));
  }

  private async verdictsOn(items: readonly Item[], explain: Explained): Promise<Verdict[] | null> {
    try {
      return await this.scoring.scoreKnown(urlDetector, items, explain);
    } catch (error) {
      if (error instanceof ModelUnavailableError) return null;
      throw error;
    }
  }
}
