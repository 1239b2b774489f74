import { Injectable, Logger } from '@nestjs/common';
import { nextTurn } from '../../common/turns.js';
import { LoadedVersions } from '../../prediction/loaded-versions.service.js';
import { ModelUnavailableError } from '../../prediction/prediction.errors.js';
import type { LoadedVersion } from '../../prediction/loaded-version.js';
import type { VerdictName } from '../../registry/bundle/scoring-model.js';
import { featurizeLogged } from './logged-items.js';
import type { Prediction } from './prediction.schema.js';
import { PredictionLog } from './predictions.repository.js';

/** What two versions by themselves say of one item, in the same context. */
export interface VerdictPair {
  /** The version's that scored it. */
  readonly logged: VerdictName;
  readonly again: VerdictName;
}

export interface Rescored {
  readonly pairs: readonly VerdictPair[];
  /** Predictions whose items cannot be scored again as they were. */
  readonly leftOut: number;
}

/** Rows that are scored before requests get their turn. */
const rowsATurn = 50;

/** Scores logged items again with another version, lists and findings aside. */
@Injectable()
export class RescoringService {
  private readonly logger = new Logger(RescoringService.name);

  constructor(
    private readonly versions: LoadedVersions,
    private readonly log: PredictionLog,
  ) {}

  /** Without pairs where the version cannot be loaded. */
  async rescore(detector: string, version: number, logged: readonly Prediction[]): Promise<Rescored> {
    const loaded = await this.load(detector, version);
    if (!loaded) return { pairs: [], leftOut: logged.length };
    const { model } = loaded;
    const others = await this.log.othersOfRequests(logged);
    const { x, predictions, leftOut } = await featurizeLogged(model.contract, logged, others);
    const pairs: VerdictPair[] = [];
    for (let from = 0; from < predictions.length; from += rowsATurn) {
      const rows = predictions.slice(from, from + rowsATurn);
      const probabilities = model.score(x.take(rows.map((_, i) => from + i)));
      rows.forEach(({ modelVerdict }, i) =>
        pairs.push({ logged: modelVerdict, again: model.verdictOf(probabilities[i]) }),
      );
      await nextTurn();
    }
    return { pairs, leftOut };
  }

  private async load(detector: string, version: number): Promise<LoadedVersion | null> {
    try {
      return await this.versions.get(detector, version);
    } catch (error) {
      if (!(error instanceof ModelUnavailableError)) throw error;
      this.logger.warn(`version ${version} of ${detector} cannot be compared with: ${error.message}`);
      return null;
    }
  }
}
