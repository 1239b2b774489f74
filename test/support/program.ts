import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { mongo } from 'mongoose';

export const projectRoot = resolve(import.meta.dirname, '..', '..');
export const bundledData = join(projectRoot, 'data', 'phishing-websites.csv');

export type Env = Readonly<Record<string, string>>;

/** A database and a data folder of a test file's own, and the environment that leads a program to them. */
export class Sandbox {
  readonly database = `test_${randomBytes(6).toString('hex')}`;
  readonly folder = mkdtempSync(join(tmpdir(), 'netwarden-test-'));

  get env(): Env {
    const uri = new URL(process.env.TEST_MONGODB_URI!);
    uri.pathname = `/${this.database}`;
    return {
      MONGODB_URI: uri.href,
      DATA_DIR: this.folder,
      ENGINE_DIR: process.env.TEST_ENGINE_DIR!,
      PORT: '0',
      BOOTSTRAP: 'off',
      AUTH: 'off',
    };
  }

  /** Runs `work` on the database itself, to look behind the program's back or to damage something. */
  async withDatabase<T>(work: (db: mongo.Db, client: mongo.MongoClient) => Promise<T>): Promise<T> {
    const client = await mongo.MongoClient.connect(this.env.MONGODB_URI);
    try {
      return await work(client.db(this.database), client);
    } finally {
      await client.close();
    }
  }

  async remove(): Promise<void> {
    await this.withDatabase((db) => db.dropDatabase());
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts `node dist/<script>` with nothing of this process's environment but what a shell needs. */
export function start(script: string, args: readonly string[], env: Env): ChildProcess {
  const { PATH = '', HOME = '', SystemRoot = '' } = process.env;
  return spawn(process.execPath, [join(projectRoot, 'dist', script), ...args], {
    cwd: projectRoot,
    env: { PATH, HOME, ...(SystemRoot && { SystemRoot }), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

/** Runs a command to its end. */
export async function cli(args: readonly string[], env: Env, input = ''): Promise<Result> {
  const child = start('cli.js', args, env);
  const output = collect(child);
  child.stdin!.on('error', () => undefined).end(input);
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return { code, ...output() };
}

/** A running server. */
export class Server {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly output: () => { stdout: string; stderr: string },
  ) {}

  /** Starts the program and waits until it says that it is ready. */
  static async start(env: Env): Promise<Server> {
    const child = start('main.js', [], env);
    const output = collect(child);
    const url = await new Promise<string>((ready, fail) => {
      child.stdout!.on('data', () => {
        const address = /ready: .*?(http:\/\/[^/]+)\//.exec(output().stdout);
        if (address) ready(address[1]);
      });
      child.once('exit', (code) =>
        fail(new Error(`the server ended with ${code}:\n${output().stdout}${output().stderr}`)),
      );
    });
    return new Server(url, child, output);
  }

  get log(): string {
    return this.output().stdout + this.output().stderr;
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Ends it the way an operator does, and returns its exit code. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const ended = new Promise<number | null>((done) => this.child.once('exit', (code) => done(code)));
    this.child.kill(signal);
    return ended;
  }
}

/** Asks again every 100 ms until `look` gives something. */
export async function eventually<T>(
  look: () => Promise<T | null | undefined | false>,
  withinMs = 30_000,
): Promise<T> {
  for (const end = Date.now() + withinMs; ;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`nothing after ${withinMs} ms`);
    await new Promise((wait) => setTimeout(wait, 100));
  }
}

function collect(child: ChildProcess): () => { stdout: string; stderr: string } {
  const pieces = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]!.setEncoding('utf8').on('data', (text: string) => (pieces[name] += text));
  }
  return () => pieces;
}
