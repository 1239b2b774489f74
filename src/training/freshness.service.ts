import { Injectable } from '@nestjs/common';
import type { Contract } from '../detector/contract.js';
import { contractDigest } from '../detector/contracts.service.js';
import { SnapshotsService } from '../ingestion/snapshots.service.js';
import { RegistryService } from '../registry/registry.service.js';
import type { RunFreshness } from '../runs/run-work.js';
import { modelCodeSha256 } from './model-code.js';

/** Tells whether a training run would find anything that its predecessors did not. */
@Injectable()
export class FreshnessService implements RunFreshness {
  constructor(
    private readonly snapshots: SnapshotsService,
    private readonly registry: RegistryService,
  ) {}

  /**
   * Why a run would make what there is already: the champion or the latest version comes from the same data,
   * contract and code that makes models. Null when it would not. Only ids of records are read.
   */
  async staleReason(contract: Contract): Promise<string | null> {
    const { detector } = contract;
    const [champion, { items }] = await Promise.all([
      this.registry.champion(detector),
      this.registry.listVersions(detector, { page: 1, pageSize: 1 }),
    ]);
    const sha256 = contractDigest(contract);
    const made = [champion, ...items].filter(
      (version) =>
        version?.lineage.contractSha256 === sha256 && version.lineage.codeSha256 === modelCodeSha256,
    );
    if (made.length === 0) return null;
    const fingerprint = await this.snapshots.fingerprint(contract);
    const same = made.find((version) => version?.lineage.fingerprint === fingerprint);
    return same ? `version ${same.version} was made from the same data, contract and code` : null;
  }
}
