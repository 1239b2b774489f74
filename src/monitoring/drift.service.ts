import { Injectable } from '@nestjs/common';
import type { RowReader } from '../ingestion/readers/reader.js';
import { readTable } from '../ingestion/table.js';
import { driftTable, type DriftTable } from '../ml/drift.js';
import { profileMatrixLike } from '../ml/reference-profile.js';
import { ModelUnavailableError } from '../prediction/prediction.errors.js';
import { RegistryService } from '../registry/registry.service.js';

export type FileDrift = DriftTable & {
  readonly detector: string;
  readonly version: number;
  readonly rejected: number;
};

/** Compares data with what the champion was trained on. */
@Injectable()
export class DriftService {
  constructor(private readonly registry: RegistryService) {}

  /** @throws HeaderMismatchError, ModelUnavailableError */
  async compare(detector: string, reader: RowReader): Promise<FileDrift> {
    const champion = await this.registry.champion(detector);
    if (!champion) throw new ModelUnavailableError(detector, 'without a champion there is no reference');
    const { contract, reference } = await this.registry.loadBundle(champion);
    const { x, rejected } = await readTable(reader, contract, { label: 'ignored' });
    return {
      detector,
      version: champion.version,
      rejected,
      ...driftTable(reference, profileMatrixLike(reference, x)),
    };
  }
}
