import { Injectable } from '@nestjs/common';
import { nextTurn } from '../../common/turns.js';
import type { Contract } from '../../detector/contract.js';
import { kindOf } from '../../detector/kinds.js';
import type { Value } from '../../detector/tabular/cells.js';
import type { RowReader } from '../../ingestion/readers/reader.js';
import type { InputAccount } from '../../ingestion/input-account.js';
import { readTable } from '../../ingestion/table.js';
import { driftTable, type DriftTable } from '../../ml/drift.js';
import type { Matrix } from '../../ml/matrix.js';
import { profileMatrixLike } from '../../ml/reference-profile.js';
import type { LoadedVersion } from '../../prediction/loaded-version.js';
import { LoadedVersions } from '../../prediction/loaded-versions.service.js';
import { RegistryService } from '../../registry/registry.service.js';
import { featurizeLogged } from '../log/logged-items.js';
import { type Patience, PredictionLog } from '../log/predictions.repository.js';

export type FileDrift = DriftTable & {
  readonly detector: string;
  /** Whose training rows are the reference. */
  readonly version: number;
  readonly rejected: number;
  readonly input: InputAccount;
};

export type LoggedDrift = DriftTable & {
  /** Whose training rows are the reference. */
  readonly version: number;
  /** Logged items that cannot be featurized as they were when they were scored. */
  readonly leftOut: number;
};

export interface LogSelection {
  readonly patience?: Patience;
  /** Most of the latest that are looked at. */
  readonly rows?: number;
  /** Only what the champion scored. */
  readonly byChampion?: boolean;
}

/** Most of the latest logged items that are compared, unless somebody asks for another number. */
const latestRows = 2000;
const rowsATurn = 500;

/** Compares data with what the champion was trained on. */
@Injectable()
export class DriftService {
  constructor(
    private readonly registry: RegistryService,
    private readonly versions: LoadedVersions,
    private readonly log: PredictionLog,
  ) {}

  /** @throws HeaderMismatchError, ModelUnavailableError */
  async ofFile(detector: string, reader: RowReader): Promise<FileDrift> {
    const champion = await this.versions.champion(detector);
    const { x, rejected, account } = await readTable(reader, champion.contract, { label: 'ignored' });
    return { detector, version: champion.version, rejected, input: account, ...tableOf(champion, x) };
  }

  /** Of the latest logged items, each in the context that it was scored in; null without a champion. */
  async ofLog(
    detector: string,
    { patience = {}, rows = latestRows, byChampion = false }: LogSelection = {},
  ): Promise<LoggedDrift | null> {
    const champion = await this.championOf(detector);
    if (!champion) return null;
    const latest = await this.log.latest(detector, rows, patience);
    const logged = byChampion ? latest.filter(({ version }) => version === champion.version) : latest;
    const others = await this.log.othersOfRequests(logged, patience);
    const { x, leftOut } = await featurizeLogged(champion.contract, logged, others);
    return { version: champion.version, leftOut, ...tableOf(champion, x) };
  }

  /** Of records' values, featurized as for training; null without a champion. */
  async ofRecords(
    detector: string,
    columnsOf: (contract: Contract) => readonly (readonly Value[])[],
  ): Promise<DriftTable | null> {
    const champion = await this.championOf(detector);
    if (!champion) return null;
    const featurizer = kindOf(champion.contract).featurizer();
    for (const [i, values] of columnsOf(champion.contract).entries()) {
      featurizer.add(values);
      if (i % rowsATurn === rowsATurn - 1) await nextTurn();
    }
    return tableOf(champion, await featurizer.finish());
  }

  private async championOf(detector: string): Promise<LoadedVersion | null> {
    const row = await this.registry.champion(detector);
    return row && this.versions.get(detector, row.version);
  }
}

function tableOf({ reference }: LoadedVersion, x: Matrix): DriftTable {
  return driftTable(reference, profileMatrixLike(reference, x));
}
