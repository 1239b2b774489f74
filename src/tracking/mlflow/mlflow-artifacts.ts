import { artifactsAnswer, type MlflowArtifact } from './answers.js';
import { MlflowError } from './mlflow.errors.js';
import type { MlflowTransport, Upload } from './mlflow-transport.js';

const proxy = '/api/2.0/mlflow-artifacts/artifacts';

/** A run's files, through the server's own proxy (`--serve-artifacts`, which is its default). */
export class MlflowArtifacts {
  constructor(private readonly transport: MlflowTransport) {}

  /**
   * Writes a file, in the place of the one that is there.
   * @param root the run's `artifact_uri` @param path below it, with `/` @param size bytes, for the time-out
   */
  async put(root: string, path: string, upload: Upload, size: number): Promise<void> {
    await this.transport.upload(`${proxy}/${proxied(root)}/${encoded(path)}`, upload, size);
  }

  /** Reads a file piece by piece. @param size expected, bytes; for the time-out @throws MlflowError, later too */
  async get(root: string, path: string, size: number): Promise<AsyncIterable<Uint8Array>> {
    return this.transport.download(`${proxy}/${proxied(root)}/${encoded(path)}`, size);
  }

  /** One level of a run's files; empty where the folder is not there. */
  async list(run_id: string, path?: string): Promise<MlflowArtifact[]> {
    return (await this.transport.get(artifactsAnswer, '/api/2.0/mlflow/artifacts/list', { run_id, path }))
      .files;
  }
}

/** Where the proxy keeps what an `artifact_uri` names. @throws MlflowError where it does not keep it */
function proxied(root: string): string {
  const path = /^mlflow-artifacts:(?:\/\/[^/]+)?\/+(.+)$/.exec(root)?.[1];
  if (path === undefined) {
    throw new MlflowError(
      'unsupported',
      'the server keeps artifacts where its clients have to write themselves',
    );
  }
  return encoded(path);
}

/** Each segment by itself; `fetch` would fold `..`, and the file would land elsewhere with a 200. */
function encoded(path: string): string {
  const segments = path.split('/');
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..')) {
    throw new RangeError(`${path} is not a path of an artifact`);
  }
  return segments.map((segment) => encodeURIComponent(segment)).join('/');
}
