import { Injectable } from '@nestjs/common';
import { NetwardenError } from '../../common/errors.js';
import { ComputeService } from '../../compute/compute.service.js';
import type { Contract } from '../../detector/contract.js';
import { ContractsService } from '../../detector/contracts.service.js';
import { SnapshotsService } from '../../ingestion/snapshots.service.js';
import { ModelUnavailableError } from '../../prediction/prediction.errors.js';
import type { ModelVersion } from '../../registry/model-version.schema.js';
import { RegistryService } from '../../registry/registry.service.js';
import type { Prediction } from '../log/prediction.schema.js';
import { PredictionLog } from '../log/predictions.repository.js';
import { ComputeBusyError, NothingToPreviewError, VersionsNotComparableError } from './preview.errors.js';
import type { LoggedRecord, PreviewRecords } from './preview-records.js';
import type { PreviewInput, PreviewResult } from './preview.task.js';

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
export interface PromotionPreview extends Omit<PreviewResult, 'latencyMs'> {
  readonly detector: string;
  readonly champion: PreviewedVersion;
  readonly previewed: PreviewedVersion;
  /** The previewed version's figures over the champion's. */
  readonly ratios: { readonly latency: number; readonly size: number };
  /** Where the records come from: what was scored last, or the test part of what is stored. */
  readonly source: PreviewRecords['source'];
}

/** Scores the same records with a version and the champion. */
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
   * @param most records to score
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
    const { latencyMs, ...report } = result;
    return {
      detector,
      champion: describe(champion, latencyMs.champion),
      previewed: describe(previewed, latencyMs.previewed),
      ratios: {
        latency: latencyMs.previewed / latencyMs.champion,
        size: previewed.size / champion.size,
      },
      source: records.source,
      ...report,
    };
  }

  /** What was scored last; where that is little, the stored records. */
  private async recordsOf(contract: Contract, most: number): Promise<PreviewRecords> {
    const logged = await this.predictions.latest(contract.detector, most);
    if (logged.length >= Math.min(usefulRecords, most)) return this.withOthers(logged);
    try {
      return { source: 'test', snapshot: await this.snapshots.take(contract), most };
    } catch (error) {
      if (!(error instanceof NetwardenError) || error.code !== 'NOT_ENOUGH_DATA') throw error;
      return this.withOthers(logged);
    }
  }

  private async withOthers(predictions: readonly Prediction[]): Promise<PreviewRecords> {
    const others = await this.predictions.othersOfRequests(predictions);
    return { source: 'logged', records: predictions.map(loggedRecord), others: others.map(loggedRecord) };
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

function loggedRecord({ _id, at, values, context, request }: Prediction): LoggedRecord {
  return { _id, at, values, context, request };
}

function describe({ version, candidate, learner, size }: ModelVersion, latencyMs: number): PreviewedVersion {
  return { version, candidate, learner, size, latencyMs };
}
