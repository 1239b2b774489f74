import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mongo } from 'mongoose';
import { type Env, projectRoot, Running } from './running.js';

export { type Env, projectRoot };
export const bundledData = join(projectRoot, 'data', 'phishing-websites.csv');
/** A file with the first rows of the bundled data: what the set-up trained on. */
export const someData = process.env.TEST_DATA!;
/** How many rows it has. */
export const someRows = 4000;

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
      SCHEDULE: 'off',
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
    // An embedded server of the tests' own goes with all its databases.
    if (process.env.TEST_DATABASES === 'drop') await this.withDatabase((db) => db.dropDatabase());
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end, in a process that has the program loaded. */
export function cli(args: readonly string[], env: Env, input = ''): Promise<Result> {
  return resultOf(Running.loaded({ script: 'cli.js', args, env, input }));
}

/** Runs a command to its end in a process of its own: takes a second or two, for what only this can show. */
export function freshCli(args: readonly string[], env: Env, input = ''): Promise<Result> {
  return resultOf(Running.fresh({ script: 'cli.js', args, env, input }));
}

async function resultOf(running: Running): Promise<Result> {
  const code = await running.ended;
  return { code, stdout: running.stdout, stderr: running.stderr };
}

/** A running server. */
export class Server {
  private constructor(
    readonly url: string,
    private readonly running: Running,
  ) {}

  /** Starts the program and waits until it says that it is ready; `as` is `fresh` where the start itself is looked at. */
  static async start(env: Env, as: 'loaded' | 'fresh' = 'loaded'): Promise<Server> {
    const running = Running[as]({ script: 'main.js', args: [], env });
    const url = await new Promise<string>((ready, fail) => {
      running.on('output', () => {
        const address = /ready: .*?(http:\/\/[^/]+)\//.exec(running.stdout);
        if (address) ready(address[1]);
      });
      void running.ended.then((code) =>
        fail(new Error(`the server ended with ${code}:\n${running.stdout}${running.stderr}`)),
      );
    });
    running.removeAllListeners('output');
    return new Server(url, running);
  }

  get log(): string {
    return this.running.stdout + this.running.stderr;
  }

  get pid(): number {
    return this.running.pid;
  }

  /** Ends it the way an operator does, and returns its exit code. */
  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (!this.running.isOver) this.running.kill(signal);
    return this.running.ended;
  }
}

/** Asks again every 100 ms until `look` gives something. */
export async function eventually<T>(
  look: () => Promise<T | null | undefined | false>,
  withinMs = 60_000,
): Promise<T> {
  for (const end = Date.now() + withinMs; ;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`nothing after ${withinMs} ms`);
    await new Promise((wait) => setTimeout(wait, 100));
  }
}
