import { Injectable } from '@nestjs/common';
import type { RowReader } from '../ingestion/readers/reader.js';
import { readTable } from '../ingestion/table.js';
import { bootstrapIntervals, type Intervals } from '../ml/bootstrap.js';
import { confusionMatrix, evaluate, type Metrics, precisionAtBaseRate } from '../ml/metrics.js';
import { groupKeys } from '../detector/group-keys.js';
import { groupsOf } from '../ml/splits.js';
import { RegistryService } from '../registry/registry.service.js';
import { LoadedVersions } from './loaded-versions.service.js';
import { NothingToEvaluateError } from './prediction.errors.js';

export type FileEvaluation = Metrics & {
  readonly detector: string;
  readonly version: number;
  readonly rejected: number;
  /** 95 % bootstrap intervals; the rows of one of the contract's groups are drawn together. */
  readonly intervals: Intervals;
  /** Where a base rate was named: the precision of each verdict and those above it in traffic with such a share of threats. */
  readonly atBaseRate?: {
    readonly baseRate: number;
    readonly suspicious: number | null;
    readonly malicious: number | null;
  };
};

export interface EvaluationOptions {
  /** The champion when absent. */
  readonly version?: number;
  /** The share of threats in traffic, in (0, 1). */
  readonly baseRate?: number;
}

/** Measures a version on a labelled file. */
@Injectable()
export class FileEvaluationService {
  constructor(
    private readonly registry: RegistryService,
    private readonly versions: LoadedVersions,
  ) {}

  /** @throws HeaderMismatchError, VersionUnknownError, NothingToEvaluateError */
  async evaluate(
    detector: string,
    reader: RowReader,
    { version, baseRate }: EvaluationOptions = {},
  ): Promise<FileEvaluation> {
    if (version !== undefined) await this.registry.getVersion(detector, version);
    const loaded = await (version === undefined
      ? this.versions.champion(detector)
      : this.versions.get(detector, version));
    const { model } = loaded;
    const table = await readTable(reader, model.contract, { label: 'required' });
    const { x, y, rejected } = table;
    if (x.rows === 0) throw new NothingToEvaluateError(rejected);
    const probabilities = model.score(x);
    const groups = groupsOf(groupKeys(model.contract, table));
    const { suspicious: threshold, malicious } = model.thresholds;
    const precisionFrom = (from: number): number | null =>
      precisionAtBaseRate(confusionMatrix(y, probabilities, from), baseRate!);
    return {
      detector,
      version: loaded.version,
      ...evaluate(y, probabilities, threshold),
      rejected,
      intervals: bootstrapIntervals(y, probabilities, groups, threshold, { seed: 1 }),
      ...(baseRate !== undefined && {
        atBaseRate: { baseRate, suspicious: precisionFrom(threshold), malicious: precisionFrom(malicious) },
      }),
    };
  }
}
