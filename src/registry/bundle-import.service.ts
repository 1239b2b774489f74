import { Injectable } from '@nestjs/common';
import type { InputFault } from '../common/errors.js';
import { Environment } from '../config/environment.js';
import { allowedValues, type Contract, type Feature } from '../detector/contract.js';
import { contractDigest, ContractsService } from '../detector/contracts.service.js';
import type { Intervals } from '../ml/bootstrap.js';
import { metricNames } from '../ml/metrics.js';
import type { ModelBundle } from './bundle/bundle.js';
import { decodeBundle, digestOf } from './bundle/bundle-codec.js';
import { ScoringModel } from './bundle/scoring-model.js';
import { type BundleUpload, readBundle } from './bundle-upload.js';
import type { Imported, ModelVersion } from './model-version.schema.js';
import { VersionMaker } from './version-maker.service.js';
import { BundleDamagedError, BundleRefusedError } from './registry.errors.js';
import { VersionsRepository } from './versions.repository.js';

/** What the importer says of a bundle. */
export type BundleOrigin = Pick<Imported, 'source' | 'version' | 'by'>;

export interface ImportedVersion {
  readonly version: ModelVersion;
  /** False when a version had this bundle already. */
  readonly created: boolean;
}

/** Makes versions of bundles from elsewhere, once they have been found whole, working and of the same kind. */
@Injectable()
export class BundleImportService {
  constructor(
    private readonly environment: Environment,
    private readonly contracts: ContractsService,
    private readonly versions: VersionsRepository,
    private readonly maker: VersionMaker,
  ) {}

  /** @throws BundleTooLargeError, DigestMismatchError, and what `import` throws */
  async receive(detector: string, upload: BundleUpload, origin: BundleOrigin): Promise<ImportedVersion> {
    return this.import(detector, await readBundle(upload, this.environment.bundleLimit), origin);
  }

  /**
   * A new version of a bundle; the version that has it already, where there is one.
   * @throws DetectorUnknownError, BundleRefusedError before anything is stored
   */
  async import(detector: string, bytes: Buffer, origin: BundleOrigin): Promise<ImportedVersion> {
    const contract = this.contracts.get(detector);
    const sha256 = digestOf(bytes);
    const known = await this.versions.withBundle(detector, sha256);
    if (known) return { version: known, created: false };
    const bundle = openBundle(bytes);
    requireFitting(bundle.contract, contract);
    const before = await this.versions.countPruned(detector, sha256);
    const reserved = await this.maker.prepareBytes(detector, bytes);
    const version = await this.maker.commit(reserved, noIntervals(), {
      run: `import/${detector}/${sha256}${before === 0 ? '' : `/${before + 1}`}`,
      fingerprint: null,
      rows: bundle.reference.rows + bundle.metrics.test.rows,
      contractSha256: contractDigest(bundle.contract),
      codeVersion: null,
      codeSha256: null,
      seed: null,
      imported: { ...origin, sha256 },
    });
    // The same bundle's version of an import before this one, pruned in between.
    if (version.pruned) return this.import(detector, bytes, origin);
    return { version, created: version.version === reserved.version };
  }
}

function openBundle(bytes: Buffer): ModelBundle {
  try {
    const bundle = decodeBundle(bytes);
    ScoringModel.verified(bundle);
    return bundle;
  } catch (error) {
    if (error instanceof BundleDamagedError) throw new BundleRefusedError(error.reason);
    throw error;
  }
}

/** A bundle scores by its own contract; what it takes has to be what this detector's records have. */
function requireFitting(theirs: Contract, ours: Contract): void {
  if (theirs.detector !== ours.detector) {
    throw new BundleRefusedError(`it is of the detector ${theirs.detector}, not of ${ours.detector}`);
  }
  const faults = featureFaults(theirs.features, ours.features);
  if (faults.length > 0) throw new BundleRefusedError('its features are not those of the contract', faults);
}

function featureFaults(theirs: readonly Feature[], ours: readonly Feature[]): InputFault[] {
  const known = new Map(ours.map((feature) => [feature.name, feature]));
  const taken = new Set(theirs.map(({ name }) => name));
  const missing = ours.filter(({ name }) => !taken.has(name));
  return [
    ...theirs.flatMap((feature) => featureFault(feature, known.get(feature.name))),
    ...missing.map(({ name }) => ({ path: name, message: 'is not among the features of the bundle' })),
  ];
}

function featureFault(theirs: Feature, ours: Feature | undefined): InputFault[] {
  const path = theirs.name;
  if (!ours) return [{ path, message: 'is no feature of the contract' }];
  if (theirs.type !== ours.type) {
    return [{ path, message: `is of type ${theirs.type} in the bundle and ${ours.type} in the contract` }];
  }
  const [a, b] = [theirs, ours].map((feature) => JSON.stringify(allowedValues(feature)?.toSorted()));
  return a === b ? [] : [{ path, message: 'has other values in the bundle than in the contract' }];
}

/** A bundle has its metrics but not the rows to draw again. */
function noIntervals(): Intervals {
  const names = [...metricNames, 'tp', 'fp', 'tn', 'fn'] as const;
  return Object.fromEntries(names.map((name) => [name, null])) as Record<(typeof names)[number], null>;
}
