import { Injectable } from '@nestjs/common';
import { NetwardenError } from '../../common/errors.js';
import { ComputeService } from '../../compute/compute.service.js';
import type { Contract } from '../../detector/contract.js';
import { ContractsService } from '../../detector/contracts.service.js';
import { SnapshotsService } from '../../ingestion/snapshots.service.js';
import { ModelUnavailableError } from '../../prediction/prediction.errors.js';
import type { ModelVersion } from '../../registry/model-version.schema.js';
import { RegistryService } from '../../registry/registry.service.js';
import { ofContract } from '../logged-values.js';
import type { Prediction } from '../prediction.schema.js';
import { PredictionLog } from '../predictions.repository.js';
import { ComputeBusyError, NothingToPreviewError, VersionsNotComparableError } from './preview.errors.js';
import type { PreviewRecords } from './preview-records.js';
import type { ChangedRecord, PreviewInput, PreviewResult } from './preview.task.js';

const task = new URL('./preview.task.js', import.meta.url);

/** With fewer logged records, the test records say more. */
const usefulRecords = 100;
const patienceS = 60;

/** A version as a preview shows it. */
export interface PreviewedVersion {
  readonly version: number;
  readonly candidate: string;
  readonly learner: string;
  /** Bytes of its bundle. */
  readonly size: number;
  /** Median time of scoring one row alone, milliseconds. */
  readonly latencyMs: number;
}

/** What would change if a version took the champion's place. */
export interface PromotionPreview extends Omit<PreviewResult, 'latencyMs' | 'changed'> {
  readonly detector: string;
  readonly champion: PreviewedVersion;
  readonly previewed: PreviewedVersion;
  /** The previewed version's figures over the champion's. */
  readonly ratios: { readonly latency: number; readonly size: number };
  /** Where the records come from: what was scored last, or the test part of what is stored. */
  readonly source: PreviewRecords['source'];
  /** When the first and the last of logged records were scored. */
  readonly between: readonly [Date, Date] | null;
  /** Records whose probability changes most; a logged one has its verdict's id. */
  readonly changed: readonly (Omit<ChangedRecord, 'place'> & { readonly id: string | null })[];
}

/** Asks a version and the champion about the same records. */
@Injectable()
export class PreviewService {
  constructor(
    private readonly contracts: ContractsService,
    private readonly registry: RegistryService,
    private readonly predictions: PredictionLog,
    private readonly snapshots: SnapshotsService,
    private readonly compute: ComputeService,
  ) {}

  /**
   * @param most records to ask about
   * @throws DetectorUnknownError, VersionUnknownError, VersionPrunedError, ModelUnavailableError without a champion,
   *   VersionsNotComparableError, NothingToPreviewError, ComputeBusyError
   */
  async preview(detector: string, version: number, most: number): Promise<PromotionPreview> {
    const contract = this.contracts.get(detector);
    const previewed = await this.registry.getVersion(detector, version);
    const champion = await this.registry.champion(detector);
    if (!champion)
      throw new ModelUnavailableError(detector, 'without a champion there is nothing to compare with');
    const input = {
      contract,
      champion: await this.registry.loadBytes(champion),
      previewed: await this.registry.loadBytes(previewed),
    };
    const records = await this.recordsOf(contract, most);
    const result = await this.compare({ ...input, records });
    if (!result) throw new VersionsNotComparableError(detector, champion.version, version);
    if (!result.latencyMs) throw new NothingToPreviewError(detector);
    const { latencyMs, changed, ...report } = result;
    const logged = records.source === 'logged' ? records.records : [];
    return {
      detector,
      champion: describe(champion, latencyMs.champion),
      previewed: describe(previewed, latencyMs.previewed),
      ratios: {
        latency: latencyMs.previewed / latencyMs.champion,
        size: previewed.size / champion.size,
      },
      source: records.source,
      between: logged.length === 0 ? null : [logged.at(-1)!.at, logged[0].at],
      ...report,
      changed: changed.map(({ place, ...record }) => ({ id: logged[place]?.id ?? null, ...record })),
    };
  }

  /** What was scored last; where that is little, the stored records. */
  private async recordsOf(contract: Contract, most: number): Promise<PreviewRecords> {
    const logged = ofContract(contract, await this.predictions.latest(contract.detector, most));
    if (logged.length >= Math.min(usefulRecords, most)) return loggedRecords(logged);
    try {
      return { source: 'test', snapshot: await this.snapshots.take(contract), most };
    } catch (error) {
      if (!(error instanceof NetwardenError) || error.code !== 'NOT_ENOUGH_DATA') throw error;
      return loggedRecords(logged);
    }
  }

  private async compare(input: PreviewInput): Promise<PreviewResult | null> {
    const signal = AbortSignal.timeout(patienceS * 1000);
    try {
      return await this.compute.run<PreviewInput, PreviewResult | null>(task, input, {
        signal,
        onProgress: () => undefined,
      });
    } catch (error) {
      if (signal.aborted) throw new ComputeBusyError(patienceS);
      // The stored records are too few to be split.
      if (error instanceof RangeError) throw new NothingToPreviewError(input.contract.detector);
      throw error;
    }
  }
}

function loggedRecords(predictions: readonly Prediction[]): PreviewRecords {
  const records = predictions.map(({ _id: id, at, values }) => ({ id, at, values }));
  return { source: 'logged', records };
}

function describe({ version, candidate, learner, size }: ModelVersion, latencyMs: number): PreviewedVersion {
  return { version, candidate, learner, size, latencyMs };
}
