import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { mongo } from 'mongoose';
import type { EmbeddedOptions } from '../../src/database/embedded/acquire.js';
import { projectRoot } from './running.js';

// On the real SecantusDB, because it is the one link of the chain that every machine with Python can have.

export const engineDir = process.env.TEST_ENGINE_DIR ?? resolve(projectRoot, '.data', 'test-engine');
export const secantusVersion = '0.7.0b3';
const userScript = join(import.meta.dirname, 'embedded-user.mjs');
const secantusOnly: Partial<EmbeddedOptions> = { engines: ['secantusdb'] };

interface Line {
  readonly progress?: string;
  readonly server?: { uri: string; engine: string; description: string; pid: number };
  readonly error?: { name: string; code: string; message: string; nextStep: string };
}

const users: User[] = [];
const folders: string[] = [];

/** A process of its own that uses the database. */
export class User {
  readonly progress: string[] = [];
  private readonly process: ChildProcess;
  private readonly ended: Promise<unknown>;
  private readonly outcome: Promise<Line>;

  constructor(
    dataDir: string,
    options: Partial<EmbeddedOptions> = secantusOnly,
    env: NodeJS.ProcessEnv = {},
  ) {
    const argument = JSON.stringify({ dataDir, engineDir, ...options });
    this.process = spawn(process.execPath, [userScript, argument], {
      env: { ...process.env, NODE_OPTIONS: '', ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.ended = new Promise((done) => this.process.once('exit', done));
    this.outcome = this.readOutcome();
    users.push(this);
  }

  private async readOutcome(): Promise<Line> {
    for await (const text of createInterface({ input: this.process.stdout! })) {
      const line = JSON.parse(text) as Line;
      if (line.progress === undefined) return line;
      this.progress.push(line.progress);
    }
    throw new Error('the user ended without an outcome');
  }

  async server(): Promise<NonNullable<Line['server']>> {
    const { server, error } = await this.outcome;
    if (!server) throw new Error(`no server: ${error?.message}`);
    return server;
  }

  async error(): Promise<NonNullable<Line['error']>> {
    const { error } = await this.outcome;
    if (!error) throw new Error('expected an error, got a server');
    return error;
  }

  async leave(): Promise<void> {
    this.process.stdin!.write('leave\n');
    await this.ended;
  }

  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.ended;
  }
}

export async function newDataDir(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'netwarden-embedded-'));
  folders.push(dataDir);
  return dataDir;
}

/** Installs SecantusDB where that has not been done; everything after it takes seconds. */
export async function install(): Promise<void> {
  if (existsSync(join(engineDir, `secantusdb-${secantusVersion}`, 'venv', '.ready'))) return;
  await new User(await newDataDir()).server();
}

export async function killUsers(): Promise<void> {
  await Promise.all(users.splice(0).map((user) => user.kill()));
}

/** A keeper whose folder disappears stops its server. */
export async function removeFolders(): Promise<void> {
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true, maxRetries: 5 })));
}

export async function withCollection<T>(
  uri: string,
  work: (items: mongo.Collection<{ _id: string }>) => Promise<T>,
): Promise<T> {
  const client = new mongo.MongoClient(uri, { serverSelectionTimeoutMS: 5000 });
  try {
    return await work(client.db().collection<{ _id: string }>('items'));
  } finally {
    await client.close();
  }
}

export const store = (uri: string, _id: string): Promise<unknown> =>
  withCollection(uri, (items) => items.insertOne({ _id }));
export const stored = (uri: string): Promise<string[]> =>
  withCollection(uri, async (items) => (await items.find().sort({ _id: 1 }).toArray()).map(({ _id }) => _id));

export const noteFile = (dataDir: string): string => join(dataDir, 'mongodb', 'server.json');
export const readNote = (dataDir: string): { pid: number; keeperPid: number } =>
  JSON.parse(readFileSync(noteFile(dataDir), 'utf8')) as { pid: number; keeperPid: number };

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

export async function waitUntil(condition: () => boolean, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (!condition() && Date.now() < deadline) await sleep(50);
  return condition();
}

/** Waits until the server and its note are gone. @returns whether they are. */
export function stopped(dataDir: string, pid: number): Promise<boolean> {
  return waitUntil(() => !existsSync(noteFile(dataDir)) && !isAlive(pid), 20_000);
}

export async function killAndWait(...pids: number[]): Promise<void> {
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  await waitUntil(() => !pids.some(isAlive), 5000);
}
