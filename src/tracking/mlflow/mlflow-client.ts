import { MlflowArtifacts } from './mlflow-artifacts.js';
import { MlflowRegistry } from './mlflow-registry.js';
import { MlflowRuns } from './mlflow-runs.js';
import { artifactsAnswer, nothing } from './answers.js';
import { isMlflowError } from './mlflow.errors.js';
import { MlflowTransport, type TransportOptions } from './mlflow-transport.js';
import type { TrackingServer } from './tracking-server.js';

/** What a tracking server of this version and set-up can do. */
export interface MlflowCapabilities {
  /** Its version as it says; null where it does not (DagsHub). */
  readonly version: string | null;
  readonly registry: boolean;
  /** Whether artifacts go through the server. */
  readonly artifacts: boolean;
}

/** A tracking server's REST API, in four parts. Every method throws MlflowError. */
export class MlflowClient {
  readonly runs: MlflowRuns;
  readonly artifacts: MlflowArtifacts;
  readonly registry: MlflowRegistry;
  private readonly transport: MlflowTransport;
  private probed: Promise<MlflowCapabilities> | null = null;

  constructor(server: TrackingServer, options: TransportOptions = {}) {
    this.transport = new MlflowTransport(server, options);
    this.runs = new MlflowRuns(this.transport);
    this.artifacts = new MlflowArtifacts(this.transport);
    this.registry = new MlflowRegistry(this.transport);
  }

  get base(): string {
    return this.transport.base;
  }

  /** Asked once; asked again after a failure. @throws MlflowError also where credentials are refused */
  capabilities(): Promise<MlflowCapabilities> {
    this.probed ??= this.probe().catch((error: unknown) => {
      this.probed = null;
      throw error;
    });
    return this.probed;
  }

  /** Whether it answers, and lets this user in, right now. */
  async isWell(): Promise<boolean> {
    try {
      await this.transport.write(nothing, 'POST', '/api/2.0/mlflow/experiments/search', { max_results: 1 });
      return true;
    } catch (error) {
      if (isMlflowError(error)) return false;
      throw error;
    }
  }

  private async probe(): Promise<MlflowCapabilities> {
    // Not /health, which answers without credentials: this says whether the API would.
    await this.transport.write(nothing, 'POST', '/api/2.0/mlflow/experiments/search', { max_results: 1 });
    const [version, registry, artifacts] = await Promise.all([
      this.transport.text('/version').catch(absent),
      this.transport
        .get(nothing, '/api/2.0/mlflow/registered-models/search', { max_results: 1 })
        .catch(absent),
      this.transport.get(artifactsAnswer, '/api/2.0/mlflow-artifacts/artifacts').catch(absent),
    ]);
    return {
      version: version !== null && /^\d[\w.+-]{0,40}$/.test(version) ? version : null,
      registry: registry !== null,
      artifacts: artifacts !== null,
    };
  }
}

/** What an old or a small server lacks, or keeps from this user, is no failure. */
function absent(error: unknown): null {
  if (isMlflowError(error, 'unsupported', 'missing', 'refused')) return null;
  throw error;
}
