import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { type DetectorRetention, LastRetention, type RetentionOutcome } from './retention-outcome.schema.js';

const last = 'last';

@Injectable()
export class RetentionOutcomesRepository {
  constructor(@InjectModel(LastRetention.name) private readonly outcomes: Model<LastRetention>) {}

  async put(outcome: RetentionOutcome): Promise<void> {
    await this.outcomes.replaceOne({ _id: last }, { outcome }, { upsert: true });
  }

  async last(): Promise<RetentionOutcome | null> {
    const outcome = (await this.outcomes.findById(last).lean())?.outcome;
    return outcome ? { ...outcome, detectors: outcome.detectors.map(asStoredNow) } : null;
  }
}

/** Earlier releases stored the decisions on versions as `fates`. */
function asStoredNow({
  fates,
  ...detector
}: DetectorRetention & { fates?: DetectorRetention['decisions'] }): DetectorRetention {
  return fates ? { ...detector, decisions: fates } : detector;
}
