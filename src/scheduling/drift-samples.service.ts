import { Injectable } from '@nestjs/common';
import { kindOf } from '../detector/kinds.js';
import type { DriftTable } from '../ml/drift.js';
import { RecentRecords } from '../ingestion/recent-records.repository.js';
import { DriftService } from '../monitoring/drift/drift.service.js';

export const sampleKinds = ['records', 'predictions'] as const;

/** How far recent rows are from what the champion was trained on. */
export interface DriftSample {
  /** Labelled records that were pushed, or records that the champion has scored. */
  readonly of: (typeof sampleKinds)[number];
  readonly rows: number;
  readonly drifted: number;
  readonly features: number;
  /** Of the features; null where there are too few rows to tell. */
  readonly share: number | null;
}

const mostRows = 5000;

/** Compares what came lately with the champion's reference profile. */
@Injectable()
export class DriftSamples {
  constructor(
    private readonly drift: DriftService,
    private readonly recent: RecentRecords,
  ) {}

  /** Those that have rows; none without a champion. @param since when the pushed records begin to be recent */
  async take(detector: string, since: Date): Promise<DriftSample[]> {
    const records = await this.recent.newest(detector, since, mostRows);
    const tables = {
      records: await this.drift.ofRecords(detector, (contract) => {
        const { columns } = kindOf(contract);
        return records.map(({ row }) => columns.map(({ name }) => row[name] ?? null));
      }),
      predictions: await this.drift.ofLog(detector, { rows: mostRows, byChampion: true }),
    };
    return sampleKinds.flatMap((of) => {
      const table = tables[of];
      return table && table.currentRows > 0 ? [sampleOf(of, table)] : [];
    });
  }
}

function sampleOf(of: DriftSample['of'], table: DriftTable): DriftSample {
  return {
    of,
    rows: table.currentRows,
    drifted: table.numberOfDriftedColumns,
    features: table.numberOfColumns,
    share: table.enough ? table.shareOfDriftedColumns : null,
  };
}
