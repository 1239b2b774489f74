import { Injectable } from '@nestjs/common';
import type { RowReader } from '../ingestion/readers/reader.js';
import type { InputAccount } from '../ingestion/input-account.js';
import { readTable } from '../ingestion/table.js';
import { bootstrapIntervals, type Intervals } from '../ml/bootstrap.js';
import type { LabelWords } from '../detector/tabular/cells.js';
import { confusionMatrix, evaluate, type Metrics, precisionAtBaseRate } from '../ml/metrics.js';
import { groupKeys } from '../detector/group-keys.js';
import { countKnown } from '../ml/key-set.js';
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
  /** Rows whose records the version was trained on, whatever their label; null where the version does not know. */
  readonly trainedOn: number | null;
  readonly input: InputAccount;
  /** What makes the figures doubtful, for people. */
  readonly warnings: readonly string[];
};

export interface FileEvaluationOptions {
  /** The champion when absent. */
  readonly version?: number;
  readonly labels?: LabelWords;
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
    { version, labels, baseRate }: FileEvaluationOptions = {},
  ): Promise<FileEvaluation> {
    if (version !== undefined) await this.registry.getVersion(detector, version);
    const loaded = await (version === undefined
      ? this.versions.champion(detector)
      : this.versions.get(detector, version));
    const { model, contract } = loaded;
    const table = await readTable(reader, contract, { label: 'required', ...(labels && { labels }) });
    const { x, y, rejected, account } = table;
    if (x.rows === 0) throw new NothingToEvaluateError(rejected);
    const probabilities = model.score(x);
    const groups = groupsOf(groupKeys(contract, table));
    const { suspicious: threshold, malicious } = model.thresholds;
    const precisionFrom = (from: number): number | null =>
      precisionAtBaseRate(confusionMatrix(y, probabilities, from), baseRate!);
    const trainedOn = loaded.trainedOn === undefined ? null : countKnown(table.recordKeys, loaded.trainedOn);
    const metrics = evaluate(y, probabilities, threshold);
    const intervals = bootstrapIntervals(y, probabilities, groups, threshold, { seed: 1 });
    return {
      detector,
      version: loaded.version,
      ...metrics,
      rejected,
      intervals,
      ...(baseRate !== undefined && {
        atBaseRate: { baseRate, suspicious: precisionFrom(threshold), malicious: precisionFrom(malicious) },
      }),
      trainedOn,
      input: account,
      warnings: [
        ...(looksSwapped(metrics, intervals) ? [swapped(metrics.rocAuc!)] : []),
        ...(trainedOn ? [flattered(trainedOn, x.rows)] : []),
      ],
    };
  }
}

/** Chance gives 0.5, and a model that is no better keeps near it: so far below lie only labels that mean the opposite. */
const swappedRocAuc = 0.35;

function looksSwapped({ rocAuc }: Metrics, { rocAuc: interval }: Intervals): boolean {
  return rocAuc !== null && rocAuc < swappedRocAuc && (!interval || interval[1] < 0.5);
}

function swapped(rocAuc: number): string {
  return (
    `The ROC AUC is ${rocAuc.toFixed(4)}, far below 0.5: the labels look swapped. Where they mean the opposite of what the ` +
    'contract says, say so: --threat 0 --benign 1, for example.'
  );
}

function flattered(trainedOn: number, rows: number): string {
  return `The version was trained on ${trainedOn} of these ${rows} rows: the figures flatter it.`;
}
