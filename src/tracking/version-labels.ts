import type { ModelVersion } from '../registry/model-version.schema.js';
import { bundleFile } from './mlmodel.js';

/** Tags by which a version that was mirrored is taken back. */
export const labels = {
  detector: 'netwarden.detector',
  version: 'netwarden.version',
  bundle: 'netwarden.bundle',
  sha256: 'netwarden.bundle_sha256',
} as const;

/** What the tags of a version's run, logged model and registered version say of it. */
export function versionLabels(version: ModelVersion): Record<string, unknown> {
  return {
    [labels.detector]: version.detector,
    [labels.version]: version.version,
    [labels.bundle]: bundleFile(version),
    [labels.sha256]: version.sha256,
    'netwarden.data_fingerprint': version.lineage.fingerprint,
    'netwarden.contract_sha256': version.lineage.contractSha256,
    'netwarden.code_version': version.lineage.codeVersion,
  };
}
