import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { mongo } from 'mongoose';
import type { EmbeddedOptions } from '../src/database/embedded/acquire.js';

// On the real SecantusDB, because it is the one link of the chain that every machine with Python can have.

const here = dirname(fileURLToPath(import.meta.url));
const engineDir = process.env.TEST_ENGINE_DIR ?? resolve(here, '..', '.data', 'test-engine');
const secantusVersion = '0.7.0b3';
const userScript = join(here, 'support', 'embedded-user.mjs');
const secantusOnly: Partial<EmbeddedOptions> = { engines: ['secantusdb'] };

interface Line {
  readonly progress?: string;
  readonly server?: { uri: string; engine: string; description: string; pid: number };
  readonly error?: { name: string; code: string; message: string; nextStep: string };
}

const users: User[] = [];
const folders: string[] = [];

/** A process of its own that uses the database. */
class User {
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

async function newDataDir(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'netwarden-embedded-'));
  folders.push(dataDir);
  return dataDir;
}

async function withCollection<T>(
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

const store = (uri: string, _id: string): Promise<unknown> =>
  withCollection(uri, (items) => items.insertOne({ _id }));
const stored = (uri: string): Promise<string[]> =>
  withCollection(uri, async (items) => (await items.find().sort({ _id: 1 }).toArray()).map(({ _id }) => _id));

const noteFile = (dataDir: string): string => join(dataDir, 'mongodb', 'server.json');
const readNote = (dataDir: string): { pid: number; keeperPid: number } =>
  JSON.parse(readFileSync(noteFile(dataDir), 'utf8')) as { pid: number; keeperPid: number };

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function waitUntil(condition: () => boolean, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (!condition() && Date.now() < deadline) await sleep(50);
  return condition();
}

/** Waits until the server and its note are gone. @returns whether they are. */
function stopped(dataDir: string, pid: number): Promise<boolean> {
  return waitUntil(() => !existsSync(noteFile(dataDir)) && !isAlive(pid), 20_000);
}

async function killAndWait(...pids: number[]): Promise<void> {
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  await waitUntil(() => !pids.some(isAlive), 5000);
}

describe('the embedded MongoDB', () => {
  // Installs SecantusDB where that has not been done; everything after it takes seconds.
  beforeAll(async () => {
    await new User(await newDataDir()).server();
  }, 300_000);

  afterEach(async () => {
    await Promise.all(users.splice(0).map((user) => user.kill()));
  });

  afterAll(async () => {
    // A keeper whose folder disappears stops its server.
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true, maxRetries: 5 })));
  });

  it('is shared, outlives a killed user, stops after the last one and keeps its data', async () => {
    const dataDir = await newDataDir();
    const first = new User(dataDir);
    const server = await first.server();
    expect(server.engine).toBe('secantusdb');
    expect(server.uri).toMatch(/^mongodb:\/\/127\.0\.0\.1:\d+\/netwarden\?directConnection=true$/);
    expect(server.description).toContain(secantusVersion);
    await store(server.uri, 'one');

    const second = new User(dataDir);
    expect(await second.server()).toMatchObject({ uri: server.uri, pid: server.pid });
    await first.kill();
    await sleep(3500); // The keeper looks each second and waits 2 s more.
    expect(await stored(server.uri)).toEqual(['one']);

    await second.leave();
    expect(await stopped(dataDir, server.pid)).toBe(true);

    const third = new User(dataDir);
    const restarted = await third.server();
    expect(restarted.pid).not.toBe(server.pid);
    expect(await stored(restarted.uri)).toEqual(['one']);
    expect(third.progress).toContainEqual(expect.stringContaining('was written by SecantusDB'));

    await third.kill();
    expect(await stopped(dataDir, restarted.pid)).toBe(true);
  }, 60_000);

  it('is one server for two that start at once, and starts afresh for one that arrives while it stops', async () => {
    const dataDir = await newDataDir();
    const [left, right] = [new User(dataDir), new User(dataDir)];
    const [one, other] = await Promise.all([left.server(), right.server()]);
    expect(one.pid).toBe(other.pid);
    await store(one.uri, 'kept');
    await Promise.all([left.leave(), right.leave()]);

    expect(await waitUntil(() => existsSync(join(dataDir, 'mongodb', 'lock')), 10_000)).toBe(true);
    const late = await new User(dataDir).server();
    expect(isAlive(one.pid)).toBe(false);
    expect(await stored(late.uri)).toEqual(['kept']);
  }, 60_000);

  it('replaces a stale note whose process ids and port belong to others by now', async () => {
    const dataDir = await newDataDir();
    const other = createServer((socket) => socket.on('error', () => undefined).end('not a database'));
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    const { port } = other.address() as { port: number };
    const root = join(dataDir, 'mongodb');
    const taken = { pid: process.pid, port, keeperPid: process.pid, keeperPort: port, token: 'a-token' };
    const stale = { folder: root, state: 'ready', engine: 'secantusdb', version: secantusVersion, ...taken };
    await mkdir(root);
    await writeFile(noteFile(dataDir), JSON.stringify(stale));

    const server = await new User(dataDir).server();
    other.close();
    expect(server.uri).not.toContain(`:${port}/`);
    expect(readNote(dataDir).pid).toBe(server.pid);
    expect(await stored(server.uri)).toEqual([]);
  }, 60_000);

  it('survives a killed keeper, and a killed keeper with its server', async () => {
    const dataDir = await newDataDir();
    const user = new User(dataDir);
    const server = await user.server();
    await store(server.uri, 'one');

    await killAndWait(readNote(dataDir).keeperPid);
    const adopter = new User(dataDir);
    expect(await adopter.server()).toMatchObject({ uri: server.uri, pid: server.pid });
    expect(adopter.progress).toContainEqual(expect.stringContaining('taking over'));
    await store(server.uri, 'two');

    const note = readNote(dataDir);
    await killAndWait(note.keeperPid, note.pid);
    const recovered = await new User(dataDir).server();
    expect(recovered.pid).not.toBe(server.pid);
    expect(await stored(recovered.uri)).toEqual(['one', 'two']);
  }, 60_000);

  it('refuses data that has lost files or its sentinel instead of starting empty', async () => {
    const dataDir = await newDataDir();
    const { uri } = await new User(dataDir).server();
    await withCollection(uri.replace('/netwarden?', '/netwarden_meta?'), (items) => items.db.dropDatabase());
    const note = readNote(dataDir);
    await killAndWait(note.keeperPid, note.pid);

    const lost = await new User(dataDir).error();
    expect(lost.code).toBe('EMBEDDED_DATABASE_UNAVAILABLE');
    expect(lost.message).toContain('its sentinel is missing');
    expect(lost.nextStep).toContain('Restore');
    expect(existsSync(noteFile(dataDir))).toBe(false);

    const catalogue = join(dataDir, 'mongodb', 'data-secantusdb', 'WiredTiger.turtle');
    renameSync(catalogue, join(dataDir, 'WiredTiger.turtle'));
    expect((await new User(dataDir).error()).message).toContain('its sentinel is missing');
    expect(existsSync(catalogue)).toBe(false);
  }, 60_000);

  (process.platform === 'win32' ? it.skip : it)(
    'prefers a mongod on PATH for new data and misses it when it is gone',
    async () => {
      const dataDir = await newDataDir();
      const bin = await standInMongod();
      const env = { PATH: `${bin}${delimiter}${process.env.PATH}` };

      const user = new User(dataDir, {}, env);
      const server = await user.server();
      expect(server.engine).toBe('mongod');
      await store(server.uri, 'one');
      await user.leave();
      expect(await stopped(dataDir, server.pid)).toBe(true);

      await rm(join(bin, 'mongod'));
      const { message, nextStep } = await new User(dataDir, {}, { PATH: bin }).error();
      expect(message).toContain('mongod from PATH, which cannot be had any more: there is no mongod on PATH');
      expect(nextStep).toContain('Install mongod again');
    },
    60_000,
  );

  it('says what was tried and what to do when nothing can be had', async () => {
    const empty = await newDataDir();
    // Nobody listens on the discard port of loopback: the download fails at once.
    const env = { PATH: empty, MONGOMS_DOWNLOAD_MIRROR: 'https://127.0.0.1:9', MONGOMS_MAX_RETRIES: '1' };
    const options = { engines: undefined, engineDir: join(empty, 'engine') };
    const { code, message, nextStep } = await new User(await newDataDir(), options, env).error();
    expect(code).toBe('EMBEDDED_DATABASE_UNAVAILABLE');
    expect(message).toMatch(
      /no mongod on PATH; downloading mongod failed \(.*\); SecantusDB cannot be installed/,
    );
    expect(nextStep).toMatch(/MONGODB_URI.*mongod.*Python 3\.10-3\.13/);

    const again = await new User(await newDataDir(), options, env).error();
    expect(again.message).toContain('failed within the last day');
  }, 60_000);
});

/**
 * A folder with a program called `mongod`. It stands in for the real one, which cannot be assumed on a test
 * machine: it takes mongod's flags and serves the data with the installed SecantusDB.
 */
async function standInMongod(): Promise<string> {
  const bin = await newDataDir();
  const home = join(engineDir, `secantusdb-${secantusVersion}`);
  const script = `#!${process.execPath}
const { spawn } = require('node:child_process');
const args = process.argv.slice(2);
if (args[0] === '--version') { console.log('db version v0.0.0 (stand-in)'); process.exit(0); }
const value = (flag) => args[args.indexOf(flag) + 1];
const server = spawn(${JSON.stringify(join(home, 'venv', 'bin', 'python'))},
  ['-m', 'secantus', '--host', value('--bind_ip'), '--port', value('--port'), '--storage-path', value('--dbpath'), '--sync-on-commit'],
  { cwd: ${JSON.stringify(home)}, stdio: 'inherit' });
process.on('SIGTERM', () => server.kill('SIGTERM'));
server.on('exit', (code) => process.exit(code ?? 1));
`;
  await writeFile(join(bin, 'mongod'), script);
  await chmod(join(bin, 'mongod'), 0o755);
  return bin;
}
