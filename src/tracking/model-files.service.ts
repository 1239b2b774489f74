import { Injectable } from '@nestjs/common';
import { stringify } from 'yaml';
import type { ModelVersion } from '../registry/model-version.schema.js';
import { RegistryService } from '../registry/registry.service.js';
import type { MlflowRun } from './mlflow/answers.js';
import { MlflowError } from './mlflow/mlflow.errors.js';
import { columns } from './run-figures.js';
import { Tracker } from './tracker.service.js';

/** Folder of a run's artifacts with its model. */
export const modelFolder = 'model';
/** Pieces in which a bundle is sent. */
const pieceBytes = 65_536;

export function bundleFile({ detector }: Pick<ModelVersion, 'detector'>): string {
  return `${detector}.bundle`;
}

/** A version's model folder: the bundle, and the `MLmodel` that says what it is and takes. */
@Injectable()
export class ModelFiles {
  constructor(
    private readonly tracker: Tracker,
    private readonly registry: RegistryService,
  ) {}

  /** Uploads them and checks that the bundle is there as a whole. @throws MlflowError, BundleDamagedError */
  async put({ info: { artifact_uri, run_id } }: MlflowRun, version: ModelVersion): Promise<void> {
    const { artifacts, runs } = this.tracker.client;
    const bundle = await this.registry.loadBytes(version);
    const model = mlmodel(version, run_id);
    const text = Buffer.from(stringify(model), 'utf8');
    await artifacts.put(artifact_uri, `${modelFolder}/MLmodel`, text, text.length);
    const file = `${modelFolder}/${bundleFile(version)}`;
    await artifacts.put(artifact_uri, file, () => pieces(bundle), bundle.length);
    const stored = (await artifacts.list(run_id, modelFolder)).find(({ path }) => path === file);
    if (stored?.file_size !== bundle.length) {
      throw new MlflowError(
        'unavailable',
        `of ${bundle.length} bytes of a bundle ${stored?.file_size ?? 0} arrived`,
      );
    }
    await this.tracker.optional('notes on logged models', () => runs.logModel(run_id, model));
  }
}

async function* pieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes)
    yield await Promise.resolve(bytes.subarray(at, at + pieceBytes));
}

/** Without `required` or `optional` in the signature: each makes one line of servers answer 500. */
function mlmodel(version: ModelVersion, run_id: string): object {
  const outputs = [
    { type: 'string', name: 'verdict' },
    { type: 'double', name: 'probability' },
  ];
  return {
    artifact_path: modelFolder,
    flavors: { netwarden: { data: bundleFile(version), runtime: 'node', learner: version.learner } },
    run_id,
    model_uuid: version.sha256.slice(0, 32),
    utc_time_created: version.createdAt.toISOString().replace('T', ' ').replace('Z', '000'),
    signature: { inputs: JSON.stringify(columns(version)), outputs: JSON.stringify(outputs) },
  };
}
