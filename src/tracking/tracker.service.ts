import { Injectable, Logger } from '@nestjs/common';
import { Environment } from '../config/environment.js';
import { isMlflowError, isStumble, MlflowError } from './mlflow/mlflow.errors.js';
import { type MlflowCapabilities, MlflowClient, type MlflowFeature } from './mlflow/mlflow-client.js';
import { trackingServer } from './mlflow/tracking-server.js';

const lacks = {
  registry: 'has no model registry: versions and aliases become tags of runs',
  artifacts: 'takes no artifacts through its API: files stay here',
} as const satisfies Partial<Record<MlflowFeature, string>>;

/** The tracking server of this installation, if there is one. */
@Injectable()
export class Tracker {
  private readonly logger = new Logger(Tracker.name);
  private readonly stop = new AbortController();
  private readonly connected: MlflowClient | null;
  private readonly warned = new Set<string>();

  constructor({ tracking }: Environment) {
    this.connected = tracking
      ? new MlflowClient(trackingServer(tracking.uri, tracking), { stop: this.stop.signal })
      : null;
  }

  get enabled(): boolean {
    return this.connected !== null;
  }

  /** @throws MlflowError where there is none */
  get client(): MlflowClient {
    if (this.connected) return this.connected;
    throw new MlflowError('refused', 'there is no tracking server: MLFLOW_TRACKING_URI is not set');
  }

  /** What the server can do. What it cannot do is logged once. */
  async capabilities(): Promise<MlflowCapabilities> {
    const can = await this.client.capabilities();
    if (can.forbidden.includes('registry')) {
      this.warnOnce('right', 'gives this user no right to its model registry: versions become tags of runs');
    } else if (!can.registry) this.warnOnce('registry', lacks.registry);
    if (!can.artifacts) this.warnOnce('artifacts', lacks.artifacts);
    return can;
  }

  /** The address of a page. Servers with logged models have a view for other things than models, and open in that. */
  async pageOf(path: string): Promise<string> {
    const { loggedModels } = await this.capabilities();
    return `${this.client.base}/#/${path}${loggedModels ? '?workflowType=machine_learning' : ''}`;
  }

  /** Whether files can be stored below an `artifact_uri`; logged once where they cannot. */
  async takesFiles(artifactUri: string): Promise<boolean> {
    const { artifacts } = await this.capabilities();
    if (!artifacts) return false;
    const proxied = artifactUri.startsWith('mlflow-artifacts:');
    if (!proxied) this.warnOnce('files', 'leaves it to its clients to store artifacts: files stay here');
    return proxied;
  }

  /** Does what a server may lack or stumble over, without which the rest is still worth delivering. */
  async optional(what: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (!isMlflowError(error, 'unsupported')) throw error;
      this.warnOnce(what, `does not support ${what}`);
      return false;
    }
  }

  /** As {@link optional}, for what is not worth a failure whatever the server says of it. */
  async attempt(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await this.optional(what, work);
    } catch (error) {
      if (!isMlflowError(error, 'refused') && !isStumble(error)) throw error;
      this.warnOnce(what, `did not take ${what}: ${(error as Error).message}`);
    }
  }

  /** Warns of what the server will not do, once. @param what tells one from the other @param text follows its name */
  warnOnce(what: string, text: string): void {
    if (this.warned.has(what)) return;
    this.warned.add(what);
    this.logger.warn(`the tracking server ${text}`);
  }

  /** Ends what is under way; it is done anew after the next start. */
  abort(): void {
    this.stop.abort();
  }
}
