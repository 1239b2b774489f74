import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { toError } from '../../common/errors.js';
import { DatabaseFolder, type ServerNote } from './database-folder.js';
import { findDownloadedMongod } from './downloaded-mongod.js';
import { EmbeddedDatabaseError } from './embedded.errors.js';
import { engineLabels, type EngineName, engineNames, type EngineSearch } from './engine.js';
import { withFolderLock } from './folder-lock.js';
import { startKeeper } from './keeper-protocol.js';
import { run } from './processes.js';
import { findRunningServer, type RunningServer } from './running-server.js';
import { findSecantusdb } from './secantusdb.js';
import { assertDataPresent } from './sentinel.js';
import { serverUri } from './server-probe.js';
import { adoptServer, stopServer } from './server-process.js';

export interface EmbeddedOptions {
  /** The data stands in `<dataDir>/mongodb`. */
  readonly dataDir: string;
  /** Where server programs are installed; may be shared by many data folders. */
  readonly engineDir: string;
  /** Database in the URI; `netwarden` when absent. */
  readonly database?: string;
  /** Engines that a new database may use, in the order in which they are tried; all when absent. */
  readonly engines?: readonly EngineName[];
  /** Takes one line for the log at each step that a person might wait for or wonder about. */
  readonly onProgress: (message: string) => void;
}

/** This process's share of a server. */
export interface EmbeddedServer {
  /** Holds the password. */
  readonly uri: string;
  readonly engine: EngineName;
  /** Engine, version, address, and whether it was started or shared, in one line. */
  readonly description: string;
  /** Process id of the database server. */
  readonly pid: number;
  /** Gives the share back; the server stops some 2 s after the last one. May be called more than once. */
  release(): Promise<void>;
}

/**
 * Uses the server that runs on this data, or starts one: of the engine that wrote the data, else the first
 * that can be had of a `mongod` on PATH, a downloaded mongod and SecantusDB.
 * @throws EmbeddedDatabaseError with what to do when there is none.
 */
export async function acquireEmbeddedServer(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const folder = await DatabaseFolder.open(resolve(options.dataDir), (closed) =>
    options.onProgress(`closed the folder ${closed}, which other users of this machine could enter`),
  );
  const waiting = (): void =>
    options.onProgress('waiting for another process that starts or stops the database');
  return withFolderLock(folder.root, () => joinOrStart(folder, options), waiting);
}

async function joinOrStart(folder: DatabaseFolder, options: EmbeddedOptions): Promise<EmbeddedServer> {
  const found = await findRunningServer(folder);
  const running = found?.note.asksPassword ? found : null;
  if (found && !running) await stopOpenServer(folder, found.note, options);
  if (!running) {
    await folder.removeNote();
    await folder.clearUsers();
  }
  const release = await folder.addUser();
  try {
    const [note, origin] = await serverFor(folder, running, options);
    return share(note, await folder.readPassword(), origin, options, release);
  } catch (error) {
    await release();
    throw error;
  }
}

/** The server that runs, with a keeper, or a new one; and where it comes from, for the log. */
async function serverFor(
  folder: DatabaseFolder,
  running: RunningServer | null,
  options: EmbeddedOptions,
): Promise<[ServerNote, string]> {
  if (!running) return [await startFirst(folder, options), 'started by this process'];
  if (running.kept) return [running.note, 'shared with other processes'];
  return [await adopt(folder, running.note, options), 'taken over from an earlier process'];
}

/**
 * Makes way for a server that asks for the password: the one of an earlier version lets everybody in.
 * @throws EmbeddedDatabaseError while others use it.
 */
async function stopOpenServer(
  folder: DatabaseFolder,
  { pid, port }: ServerNote,
  { onProgress }: EmbeddedOptions,
): Promise<void> {
  if ((await folder.countUsers()) > 0) {
    throw new EmbeddedDatabaseError(
      `The database server that runs (process ${pid}) was started by an earlier version and asks for no password.`,
      'End the processes that use it, then try again.',
    );
  }
  onProgress(
    `stopping the database server of an earlier version (process ${pid}), which asks for no password`,
  );
  await stopServer(adoptServer(pid, port));
}

function share(
  note: ServerNote,
  password: string | null,
  origin: string,
  { database = 'netwarden' }: EmbeddedOptions,
  release: () => Promise<void>,
): EmbeddedServer {
  return {
    uri: serverUri({ port: note.port, password }, database),
    engine: note.engine,
    description: `embedded ${engineLabels[note.engine]}, ${note.version}, on 127.0.0.1:${note.port}, ${origin}`,
    pid: note.pid,
    release,
  };
}

/** Puts a new keeper beside a server that has lost its own, so that its users keep their connections. */
function adopt(
  folder: DatabaseFolder,
  note: ServerNote,
  { onProgress }: EmbeddedOptions,
): Promise<ServerNote> {
  onProgress(`taking over the database server that runs as process ${note.pid}`);
  const program = { engine: note.engine, executable: '', directory: folder.root };
  return startKeeper(folder, { root: folder.root, program, adopt: { pid: note.pid, port: note.port } });
}

async function startFirst(folder: DatabaseFolder, options: EmbeddedOptions): Promise<ServerNote> {
  const marker = await folder.readMarker();
  if (marker === null) return startNew(folder, options);
  const { engine } = marker;
  assertDataPresent(folder, marker);
  if ((await folder.readPassword()) === null) {
    options.onProgress(
      `the data in ${folder.root} gets a password: until now every user of this machine could read and change it`,
    );
  }
  options.onProgress(
    `the data in ${folder.root} was written by ${engineLabels[engine]}, so that is what runs`,
  );
  const search = await findEngine(engine, options, true);
  if ('missing' in search) {
    throw new EmbeddedDatabaseError(
      `The data in ${folder.root} was written by ${engineLabels[engine]}, which cannot be had any more: ${search.missing}.`,
      `${remedies[engine]}; or set MONGODB_URI, or set DATA_DIR to another folder for an empty database.`,
    );
  }
  return startKeeper(folder, { root: folder.root, program: search.program });
}

/** The first engine of the chain that starts on an empty folder. */
async function startNew(folder: DatabaseFolder, options: EmbeddedOptions): Promise<ServerNote> {
  const reasons: string[] = [];
  for (const engine of options.engines ?? engineNames) {
    const started = await tryEngine(engine, folder, options);
    if (typeof started !== 'string') return started;
    reasons.push(started);
    options.onProgress(started);
  }
  throw new EmbeddedDatabaseError(
    `No database server can be had: ${reasons.join('; ')}.`,
    'Set MONGODB_URI to a MongoDB server, or install mongod, or install Python 3.10-3.13 with pip and venv.',
  );
}

/** One link of the chain. @returns why it does not hold, where it does not: the next may. */
async function tryEngine(
  engine: EngineName,
  folder: DatabaseFolder,
  options: EmbeddedOptions,
): Promise<ServerNote | string> {
  try {
    const search = await findEngine(engine, options, false);
    if ('missing' in search) return search.missing;
    await mkdir(folder.dataFolder(engine), { recursive: true });
    return await startKeeper(folder, { root: folder.root, program: search.program });
  } catch (error) {
    return toError(error).message;
  }
}

const remedies: Readonly<Record<EngineName, string>> = {
  mongod: 'Install mongod again',
  'downloaded-mongod': 'Let this machine reach the MongoDB download host, or restore the engine folder',
  secantusdb: 'Install Python 3.10-3.13 with pip and venv',
};

function findEngine(engine: EngineName, options: EmbeddedOptions, required: boolean): Promise<EngineSearch> {
  const engineDir = resolve(options.engineDir);
  switch (engine) {
    case 'mongod':
      return findMongod(resolve(options.dataDir, 'mongodb'));
    case 'downloaded-mongod':
      return findDownloadedMongod({ engineDir, onProgress: options.onProgress, required });
    case 'secantusdb':
      return findSecantusdb(engineDir, options.onProgress);
  }
}

/**
 * Looks for `mongod` on PATH by running it: the system's own search is the one the launch will use, with
 * the executable suffixes of the platform.
 * @param directory working directory for the server
 */
async function findMongod(directory: string): Promise<EngineSearch> {
  const result = await run('mongod', ['--version'], 10_000);
  if (result.ok) return { program: { engine: 'mongod', executable: 'mongod', directory } };
  if (result.failure === 'ENOENT') return { missing: 'there is no mongod on PATH' };
  const reason = result.output.trim().split('\n').at(-1)!;
  return { missing: `the mongod on PATH does not run (${reason || result.failure || 'no output'})` };
}
