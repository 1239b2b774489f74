import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { NetwardenError } from '../../common/errors.js';
import type { VerdictName } from '../../registry/bundle/scoring-model.js';
import { ScoringModel } from '../../registry/bundle/scoring-model.js';
import { RegistryService } from '../../registry/registry.service.js';
import { featuresOf, ofContract } from '../logged-values.js';
import type { Prediction } from '../prediction.schema.js';

/** What two versions say of one record. */
export interface Opinions {
  readonly answered: VerdictName;
  readonly second: VerdictName;
}

/** Rows that are scored before requests get their turn. */
const rowsATurn = 50;

/** Asks a version that no longer serves about records that another one answered. */
@Injectable()
export class SecondOpinionService {
  private readonly logger = new Logger(SecondOpinionService.name);
  /** The version asked last of each detector; null when it cannot be loaded. */
  private readonly loaded = new Map<
    string,
    { readonly version: number; readonly model: ScoringModel | null }
  >();

  constructor(private readonly registry: RegistryService) {}

  /** Leaves out records of another contract; nothing where the version cannot be loaded any more. */
  async ask(detector: string, version: number, predictions: readonly Prediction[]): Promise<Opinions[]> {
    const model = await this.modelOf(detector, version);
    if (!model) return [];
    const known = ofContract(model.contract, predictions);
    const x = await featuresOf(model.contract, known);
    const opinions: Opinions[] = [];
    for (let from = 0; from < known.length; from += rowsATurn) {
      const rows = known.slice(from, from + rowsATurn);
      const probabilities = model.score(x.take(rows.map((_, i) => from + i)));
      rows.forEach(({ verdict }, i) =>
        opinions.push({ answered: verdict, second: model.verdictOf(probabilities[i]) }),
      );
      await nextTurn();
    }
    return opinions;
  }

  /** Gives the memory back. */
  forget(detector: string): void {
    this.loaded.delete(detector);
  }

  private async modelOf(detector: string, version: number): Promise<ScoringModel | null> {
    const known = this.loaded.get(detector);
    if (known?.version === version) return known.model;
    const model = await this.load(detector, version);
    this.loaded.set(detector, { version, model });
    return model;
  }

  private async load(detector: string, version: number): Promise<ScoringModel | null> {
    try {
      const row = await this.registry.getVersion(detector, version);
      return ScoringModel.verified(await this.registry.loadBundle(row));
    } catch (error) {
      if (!(error instanceof NetwardenError)) throw error;
      this.logger.warn(`version ${version} of ${detector} gives no second opinion: ${error.message}`);
      return null;
    }
  }
}
