import { Injectable } from '@nestjs/common';
import type { VerdictName } from '../registry/bundle/scoring-model.js';
import type { LoadedVersion } from './loaded-version.js';
import { ModelUnavailableError } from './prediction.errors.js';
import { ScoringService } from './scoring.service.js';
import { ServingService } from './serving.service.js';

/** The detector that judges the addresses which a sensor saw being asked for. */
export const urlDetector = 'url';

export interface UrlVerdict {
  readonly verdict: VerdictName;
  readonly probability: number;
  /** As sentences, the strongest first; empty where they were not asked for. */
  readonly reasons: readonly string[];
  /** Of the model. */
  readonly version: number;
}

export type UrlAnswer = UrlVerdict | { readonly error: string };

/** Scores the addresses that logs of flows name. */
@Injectable()
export class EventUrlsService {
  constructor(
    private readonly serving: ServingService,
    private readonly scoring: ScoringService,
  ) {}

  /** @returns null while nothing serves the detector */
  async score(url: string, isExplained = false): Promise<UrlAnswer | null> {
    const champion = this.champion();
    if (champion === null) return null;
    const read = champion.read({ url });
    if ('faults' in read) return { error: read.faults.map(({ message }) => message).join('; ') };
    const [{ verdict, probability, reasons }] = await this.scoring.scoreRows(champion, [read.values], {
      explain: isExplained,
    });
    const { version } = champion;
    return { verdict, probability, reasons: isExplained ? reasons.map(({ text }) => text) : [], version };
  }

  private champion(): LoadedVersion | null {
    try {
      return this.serving.get(urlDetector).champion;
    } catch (error) {
      if (error instanceof ModelUnavailableError) return null;
      throw error;
    }
  }
}
