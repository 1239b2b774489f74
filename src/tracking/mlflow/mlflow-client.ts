import { nothing } from './answers.js';
import { MlflowArtifacts } from './mlflow-artifacts.js';
import { isMlflowError, isStumble } from './mlflow.errors.js';
import { MlflowModels } from './mlflow-models.js';
import { MlflowRegistry } from './mlflow-registry.js';
import { MlflowRuns } from './mlflow-runs.js';
import { MlflowTransport, type TransportOptions } from './mlflow-transport.js';
import type { TrackingServer } from './tracking-server.js';

/** Parts of the API that not every server has. */
export type MlflowFeature = 'registry' | 'artifacts' | 'loggedModels';

/** What a tracking server of this version and set-up can do for this user. */
export interface MlflowCapabilities extends Readonly<Record<MlflowFeature, boolean>> {
  /** Its version as it says; null where it does not (DagsHub). */
  readonly version: string | null;
  /** What it has, but does not let this user use. */
  readonly forbidden: readonly MlflowFeature[];
}

/** Servers are upgraded, and rights are given, while this process runs. */
const probedForMs = 600_000;

/** A tracking server's REST API, in parts. Every method throws MlflowError. */
export class MlflowClient {
  readonly runs: MlflowRuns;
  readonly artifacts: MlflowArtifacts;
  readonly models: MlflowModels;
  readonly registry: MlflowRegistry;
  private readonly transport: MlflowTransport;
  private probed: Promise<MlflowCapabilities> | null = null;
  private probedUntil = 0;

  constructor(server: TrackingServer, options: TransportOptions = {}) {
    this.transport = new MlflowTransport(server, options);
    this.runs = new MlflowRuns(this.transport);
    this.artifacts = new MlflowArtifacts(this.transport);
    this.models = new MlflowModels(this.transport);
    this.registry = new MlflowRegistry(this.transport);
  }

  get base(): string {
    return this.transport.base;
  }

  /** Asked every ten minutes, and after a failure. @throws MlflowError also where credentials are refused */
  capabilities(now = Date.now()): Promise<MlflowCapabilities> {
    if (now >= this.probedUntil) this.forget();
    if (this.probed) return this.probed;
    this.probedUntil = now + probedForMs;
    this.probed = this.probe().catch((error: unknown) => {
      this.forget();
      throw error;
    });
    return this.probed;
  }

  /** Has the server asked anew what it can do. */
  forget(): void {
    this.probed = null;
  }

  /** Whether it answers, and lets this user in, right now. */
  async isWell(): Promise<boolean> {
    try {
      await this.enter();
      return true;
    } catch (error) {
      if (isMlflowError(error)) return false;
      throw error;
    }
  }

  /** Not /health, which answers without credentials: this says whether the API would. */
  private async enter(): Promise<void> {
    await this.transport.write(nothing, 'POST', '/api/2.0/mlflow/experiments/search', { max_results: 1 });
  }

  private async probe(): Promise<MlflowCapabilities> {
    await this.enter();
    const { transport } = this;
    const [version, registry, artifacts, loggedModels] = await Promise.all([
      transport.text('/version').catch(unknown),
      found(transport.get(nothing, '/api/2.0/mlflow/registered-models/search', { max_results: 1 })),
      // The root of all artifacts is not everybody's to list; whoever may not may still write below it.
      isThere(transport.get(nothing, '/api/2.0/mlflow-artifacts/artifacts')),
      found(
        transport.write(nothing, 'POST', '/api/2.0/mlflow/logged-models/search', {
          experiment_ids: ['0'],
          max_results: 1,
        }),
      ),
    ]);
    const forbidden = Object.entries({ registry, loggedModels })
      .filter(([, answer]) => answer === 'forbidden')
      .map(([feature]) => feature as MlflowFeature);
    return {
      version: version !== null && /^\d[\w.+-]{0,40}$/.test(version) ? version : null,
      registry: registry === 'there',
      artifacts,
      loggedModels: loggedModels === 'there',
      forbidden,
    };
  }
}

/** What an old or a small server lacks, or stumbles over, is no failure. */
async function found(call: Promise<unknown>): Promise<'there' | 'absent' | 'forbidden'> {
  try {
    await call;
    return 'there';
  } catch (error) {
    if (isMlflowError(error, 'forbidden')) return 'forbidden';
    if (isMlflowError(error, 'unsupported', 'missing', 'refused') || isStumble(error)) return 'absent';
    throw error;
  }
}

/** Whether a call is known, whatever comes of it. */
async function isThere(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (isMlflowError(error, 'unsupported')) return false;
    if (isMlflowError(error, 'missing', 'refused', 'forbidden') || isStumble(error)) return true;
    throw error;
  }
}

function unknown(error: unknown): null {
  if (isMlflowError(error)) return null;
  throw error;
}
