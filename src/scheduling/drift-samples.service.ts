import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { kindOf } from '../detector/kinds.js';
import type { Value } from '../detector/tabular/cells.js';
import { driftTable } from '../ml/drift.js';
import { profileMatrixLike } from '../ml/reference-profile.js';
import { PredictionLog } from '../monitoring/predictions.repository.js';
import type { ModelBundle } from '../registry/bundle/bundle.js';
import { RegistryService } from '../registry/registry.service.js';
import { RecentRecords } from '../ingestion/recent-records.repository.js';

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

type Reference = Pick<ModelBundle, 'contract' | 'reference'> & { readonly version: number };

const mostRows = 5000;
const rowsATurn = 500;

/** Compares what came lately with the champion's reference profile. */
@Injectable()
export class DriftSamples {
  /** By detector; loading a bundle takes longer than the comparison. */
  private readonly references = new Map<string, Reference>();

  constructor(
    private readonly registry: RegistryService,
    private readonly records: RecentRecords,
    private readonly predictions: PredictionLog,
  ) {}

  /** Those that have rows; none without a champion. @param since when the pushed records begin to be recent */
  async take(detector: string, since: Date): Promise<DriftSample[]> {
    const champion = await this.championOf(detector);
    if (!champion) return [];
    const columns = kindOf(champion.contract).columns;
    const records = await this.records.newest(detector, since, mostRows);
    const scored = await this.predictions.latest(detector, mostRows);
    const samples = {
      records: records.map(({ row }) => columns.map(({ name }) => row[name] ?? null)),
      predictions: scored.filter(({ version }) => version === champion.version).map(({ values }) => values),
    };
    const taken: DriftSample[] = [];
    for (const of of sampleKinds) {
      if (samples[of].length > 0) taken.push({ of, ...(await compare(champion, samples[of])) });
    }
    return taken;
  }

  private async championOf(detector: string): Promise<Reference | null> {
    const champion = await this.registry.champion(detector);
    if (!champion) return null;
    const known = this.references.get(detector);
    if (known?.version === champion.version) return known;
    const { contract, reference } = await this.registry.loadBundle(champion);
    const loaded = { version: champion.version, contract, reference };
    this.references.set(detector, loaded);
    return loaded;
  }
}

async function compare(
  { contract, reference }: Reference,
  rows: readonly (readonly Value[])[],
): Promise<Omit<DriftSample, 'of'>> {
  const featurizer = kindOf(contract).featurizer();
  for (const [i, values] of rows.entries()) {
    featurizer.add(values);
    if (i % rowsATurn === rowsATurn - 1) await nextTurn();
  }
  const table = driftTable(reference, profileMatrixLike(reference, await featurizer.finish()));
  return {
    rows: rows.length,
    drifted: table.numberOfDriftedColumns,
    features: table.numberOfColumns,
    share: table.enough ? table.shareOfDriftedColumns : null,
  };
}
