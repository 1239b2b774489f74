import { Injectable } from '@nestjs/common';
import { stringify } from 'yaml';
import type { ModelVersion } from '../registry/model-version.schema.js';
import { RegistryService } from '../registry/registry.service.js';
import type { MlflowArtifact, MlflowRun } from './mlflow/answers.js';
import { tags } from './mlflow/entities.js';
import { MlflowError } from './mlflow/mlflow.errors.js';
import { bundleFile, mlmodel } from './mlmodel.js';
import { Tracker } from './tracker.service.js';

/** Folder of a run's artifacts with its model. */
export const modelFolder = 'model';
/** Pieces in which a bundle is sent. */
const pieceBytes = 65_536;

/** Where a version's files go. */
export interface FilesPlace {
  /** An `artifact_uri`. */
  readonly root: string;
  /** Below it. */
  readonly folder?: string;
  /** What is there. */
  readonly list: () => Promise<MlflowArtifact[]>;
}

/** A version's files: the bundle, and the `MLmodel` that says what it is and takes. */
@Injectable()
export class ModelFiles {
  constructor(
    private readonly tracker: Tracker,
    private readonly registry: RegistryService,
  ) {}

  /**
   * Puts them into the run's model folder. A run of which the server takes no files is tagged with where they are.
   * @returns whether they are there @throws MlflowError, BundleDamagedError
   */
  async put(run: MlflowRun, version: ModelVersion): Promise<boolean> {
    const { artifact_uri, run_id } = run.info;
    const { artifacts, runs } = this.tracker.client;
    const model = mlmodel(version, { run_id, artifact_path: modelFolder });
    const list = (): Promise<MlflowArtifact[]> => artifacts.list(run_id, modelFolder);
    const stored =
      (await this.tracker.takesFiles(artifact_uri)) &&
      (await this.tracker.optional('artifacts', () =>
        this.upload({ root: artifact_uri, folder: modelFolder, list }, version, model),
      ));
    if (!stored) {
      await runs.log(run_id, { tags: tags({ 'netwarden.files': 'kept by Netwarden' }) });
      return false;
    }
    const { loggedModels } = await this.tracker.capabilities();
    if (!loggedModels && !isNoted(run)) {
      // All notes on a run stand in one tag of limited length, and none is ever replaced.
      const note = { ...model, signature: undefined };
      await this.tracker.attempt('notes on logged models', () => runs.logModel(run_id, note));
    }
    return true;
  }

  /** The bundle goes last: where it is as a whole, all is there, and nothing is sent again. @throws MlflowError */
  async upload(place: FilesPlace, version: ModelVersion, model: object): Promise<void> {
    const { artifacts } = this.tracker.client;
    const { size } = version;
    if ((await storedBytes(place, version)) === size) return;
    const folder = place.folder === undefined ? '' : `${place.folder}/`;
    const bundle = await this.registry.loadBytes(version);
    const text = Buffer.from(stringify(model), 'utf8');
    await artifacts.put(place.root, `${folder}MLmodel`, text, text.length);
    await artifacts.put(place.root, `${folder}${bundleFile(version)}`, () => pieces(bundle), size);
    const stored = await storedBytes(place, version);
    if (stored !== size) {
      throw new MlflowError('unavailable', `of ${size} bytes of a bundle ${stored} arrived`);
    }
  }
}

/** Whether the run says already that it has a model, as far as it was read. */
function isNoted({ data }: MlflowRun): boolean {
  return data.tags.some(({ key }) => key === 'mlflow.log-model.history');
}

async function storedBytes({ list }: FilesPlace, version: ModelVersion): Promise<number> {
  const name = bundleFile(version);
  const file = (await list()).find(({ path }) => path.split('/').at(-1) === name);
  return file?.file_size ?? 0;
}

async function* pieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes)
    yield await Promise.resolve(bytes.subarray(at, at + pieceBytes));
}
