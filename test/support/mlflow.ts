import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { eventually, projectRoot } from './program.js';

const password = 'a-test-of-9-words';
/** Private Python environments, made by `npm run test:install`. */
const environments = process.env.TEST_MLFLOW_DIR ?? join(projectRoot, '.data', 'mlflow');

export interface MlflowSetup {
  readonly line: 'current' | 'old';
  /** Below which everything is, where the server stands behind one. */
  readonly prefix?: string;
  readonly auth?: boolean;
}

/** Whether an MLflow of this line is installed. */
export function hasMlflow(line: MlflowSetup['line']): boolean {
  return existsSync(join(environments, line, 'complete'));
}

/** A real MLflow server with a folder of its own, which can be stopped and started again. */
export class MlflowServer {
  private readonly folder = mkdtempSync(join(tmpdir(), 'netwarden-mlflow-'));
  private process: ChildProcess | null = null;
  private output = '';

  private constructor(
    private readonly setup: MlflowSetup,
    private readonly port: number,
  ) {}

  static async start(setup: MlflowSetup): Promise<MlflowServer> {
    const server = await MlflowServer.stopped(setup);
    await server.start();
    return server;
  }

  /** One that has an address, and does not run yet. */
  static async stopped(setup: MlflowSetup): Promise<MlflowServer> {
    return new MlflowServer(setup, await freePort());
  }

  /** What a tracking client is configured with. */
  get env(): Record<string, string> {
    const uri = { MLFLOW_TRACKING_URI: this.url };
    if (!this.setup.auth) return uri;
    return { ...uri, MLFLOW_TRACKING_USERNAME: 'admin', MLFLOW_TRACKING_PASSWORD: password };
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}${this.setup.prefix ?? ''}`;
  }

  /** Asks the server itself, below `api/2.0`. */
  async ask(
    path: string,
    body?: object,
  ): Promise<any> /* eslint-disable-line @typescript-eslint/no-explicit-any -- the assertions say what answers have */ {
    const answer = await this.fetch(`/api/2.0/${path}`, body);
    if (!answer.ok)
      throw new Error(`${path}: ${answer.status} ${await answer.text()}\n${this.output.slice(-2000)}`);
    return answer.json();
  }

  async file(artifactUri: string, path: string): Promise<Buffer> {
    const answer = await this.fetch(filePath(artifactUri, path));
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return Buffer.from(await answer.arrayBuffer());
  }

  /** Puts a file in the place of the one that is there. */
  async overwrite(artifactUri: string, path: string, bytes: Buffer): Promise<void> {
    const answer = await this.fetch(filePath(artifactUri, path), bytes, 'PUT');
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  }

  async start(): Promise<void> {
    const { line, prefix, auth } = this.setup;
    const bin = join(environments, line, 'bin');
    const args = ['server', '--host', '127.0.0.1', '--port', String(this.port), '--workers', '1'];
    args.push('--backend-store-uri', 'sqlite:///mlflow.db', '--artifacts-destination', './artifacts');
    if (prefix) args.push('--static-prefix', prefix);
    if (auth) args.push('--app-name', 'basic-auth');
    this.process = spawn(join(bin, 'mlflow'), args, {
      cwd: this.folder,
      // A group of its own: the server starts others, which have to end with it.
      detached: true,
      env: {
        ...process.env,
        PATH: `${bin}${delimiter}${process.env.PATH}`,
        // Compiled once, it starts in half the time.
        PYTHONDONTWRITEBYTECODE: '',
        MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
        MLFLOW_FLASK_SERVER_SECRET_KEY: 'a key of the tests',
        MLFLOW_AUTH_ADMIN_PASSWORD: password,
      },
    });
    const note = (part: Buffer): void => void (this.output += part.toString());
    this.process.stdout!.on('data', note);
    this.process.stderr!.on('data', note);
    await eventually(async () => {
      if (this.process?.exitCode !== null) throw new Error(this.output);
      return (await this.fetch('/version').catch(() => null))?.ok;
    }, 120_000);
    if (auth) this.hashPasswordCheaply(bin);
  }

  /** The server checks the password with each request, and its own hash takes it a good part of a second on a slow machine. */
  private hashPasswordCheaply(bin: string): void {
    const script = [
      'import sqlite3',
      'from werkzeug.security import generate_password_hash as hash',
      'db = sqlite3.connect("basic_auth.db")',
      `cheap = hash("${password}", method="pbkdf2:sha256:1")`,
      'assert db.execute("UPDATE users SET password_hash = ?", (cheap,)).rowcount == 1',
      'db.commit()',
    ];
    execFileSync(join(bin, 'python'), ['-c', script.join('\n')], { cwd: this.folder });
  }

  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const { process: running } = this;
    this.process = null;
    if (!running || running.exitCode !== null) return;
    const ended = new Promise((done) => running.once('exit', done));
    process.kill(-running.pid!, signal);
    await ended;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private fetch(path: string, body?: object, method = 'POST'): Promise<Response> {
    const authorization = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`;
    return fetch(`${this.url}${path}`, {
      headers: { 'content-type': 'application/json', ...(this.setup.auth && { authorization }) },
      ...(body && { method, body: Buffer.isBuffer(body) ? body : JSON.stringify(body) }),
    });
  }
}

function filePath(artifactUri: string, path: string): string {
  return `/api/2.0/mlflow-artifacts/artifacts/${artifactUri.replace(/^mlflow-artifacts:\/+/, '')}/${path}`;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((ready) => probe.listen(0, '127.0.0.1', ready));
  const { port } = probe.address() as AddressInfo;
  await new Promise((closed) => probe.close(closed));
  return port;
}
