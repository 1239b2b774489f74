import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { toError } from '../../common/errors.js';
import { EmbeddedDatabaseError } from './embedded.errors.js';
import { type EngineName, engineNames } from './engine.js';
import { makePrivate } from './private-folder.js';
import { isAlive, lastLines } from './processes.js';

const noteSchema = z.object({
  /** Real path of the folder, so that the note in a copied folder is not taken for the copy's. */
  folder: z.string(),
  state: z.enum(['starting', 'ready']),
  engine: z.enum(engineNames),
  version: z.string(),
  pid: z.int().positive(),
  port: z.int().positive(),
  /** Whether the server asks for the password of the folder; those of earlier versions let everybody in. */
  asksPassword: z.boolean().default(false),
  /** The keeper proves on `keeperPort` that it knows `token`: its process id alone may have gone to another program. */
  keeperPid: z.int().positive(),
  keeperPort: z.int().positive(),
  token: z.string(),
});

/** The server that runs on a folder, and the keeper that will stop it. */
export type ServerNote = z.infer<typeof noteSchema>;

const markerSchema = z.object({ engine: z.enum(engineNames), sentinel: z.string() });

/** Which engine's data is here, and the id of the sentinel document that must be in it. */
export type EngineMarker = z.infer<typeof markerSchema>;

/** `<DATA_DIR>/mongodb`: the data, and the files through which processes share one server. */
export class DatabaseFolder {
  readonly noteFile: string;
  readonly markerFile: string;
  readonly logFile: string;
  readonly passwordFile: string;
  private readonly users: string;

  /** @param root real path of the folder */
  constructor(readonly root: string) {
    this.noteFile = join(root, 'server.json');
    this.markerFile = join(root, 'engine.json');
    this.logFile = join(root, 'server.log');
    this.passwordFile = join(root, 'password');
    this.users = join(root, 'users');
  }

  /**
   * Creates what is not there, and closes to others what is.
   * @param onClosed called with a folder that others could enter until now.
   * @throws EmbeddedDatabaseError when the folder cannot be written.
   */
  static async open(dataDir: string, onClosed: (folder: string) => void = noop): Promise<DatabaseFolder> {
    const root = join(dataDir, 'mongodb');
    try {
      for (const folder of [dataDir, root]) if (await makePrivate(folder)) onClosed(folder);
      await mkdir(join(root, 'users'), { recursive: true });
      return new DatabaseFolder(await realpath(root));
    } catch (cause) {
      const reason = `The folder ${root} cannot be used: ${toError(cause).message}.`;
      throw new EmbeddedDatabaseError(reason, 'Set DATA_DIR to a folder that this user may write.', {
        cause,
      });
    }
  }

  dataFolder(engine: EngineName): string {
    return join(this.root, `data-${engine}`);
  }

  /** The note, or `null` where there is none for this very folder. */
  async readNote(): Promise<ServerNote | null> {
    const note = noteSchema.safeParse(await readJson(this.noteFile));
    return note.success && note.data.folder === this.root ? note.data : null;
  }

  async writeNote(note: ServerNote): Promise<void> {
    await writeJson(this.noteFile, note);
  }

  async removeNote(): Promise<void> {
    await rm(this.noteFile, { force: true });
  }

  /** @throws EmbeddedDatabaseError when the marker is there and damaged: guessing could hide the data. */
  async readMarker(): Promise<EngineMarker | null> {
    if (!existsSync(this.markerFile)) return null;
    const marker = markerSchema.safeParse(await readJson(this.markerFile));
    if (marker.success) return marker.data;
    throw new EmbeddedDatabaseError(
      `${this.markerFile} is damaged, so it is not known which engine's data is in ${this.root}.`,
      'Restore it from a backup, or move the folder away to start with an empty database.',
    );
  }

  async writeMarker(marker: EngineMarker): Promise<void> {
    await writeJson(this.markerFile, marker);
  }

  /** The password that the server asks for, or `null` where there is none yet. */
  async readPassword(): Promise<string | null> {
    try {
      return (await readFile(this.passwordFile, 'utf8')).trim() || null;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  async writePassword(password: string): Promise<void> {
    await replaceFile(this.passwordFile, `${password}\n`);
  }

  async removePassword(): Promise<void> {
    await rm(this.passwordFile, { force: true });
  }

  /** Counts this process as a user. @returns the call that ends it, which may be made more than once. */
  async addUser(): Promise<() => Promise<void>> {
    const file = join(this.users, `${process.pid}-${randomBytes(6).toString('hex')}`);
    await writeFile(file, '');
    return () => rm(file, { force: true });
  }

  /** Users whose process is alive. Files of dead ones are removed. */
  async countUsers(): Promise<number> {
    const files = await readdir(this.users);
    const dead = files.filter((file) => !isAlive(Number.parseInt(file, 10)));
    await Promise.all(dead.map((file) => rm(join(this.users, file), { force: true })));
    return files.length - dead.length;
  }

  /** Forgets users of an earlier server; a process id among them may be another program's by now. */
  async clearUsers(): Promise<void> {
    await rm(this.users, { recursive: true, force: true });
    await mkdir(this.users);
  }

  /** Starts a new log and keeps the one before it. */
  async rotateLog(): Promise<void> {
    if (existsSync(this.logFile)) await rename(this.logFile, join(this.root, 'server.previous.log'));
  }

  /** End of the log, for an error message. */
  async lastLogLines(count = 12): Promise<string> {
    return existsSync(this.logFile) ? lastLines(await readFile(this.logFile, 'utf8'), count) : '';
  }
}

/** The parsed file, or `undefined` when it is not there or not whole JSON. */
async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function writeJson(file: string, value: unknown): Promise<void> {
  return replaceFile(file, `${JSON.stringify(value, null, 2)}\n`);
}

/** Replaces the file in one step: a reader, who is this user, sees the old text or the new one. */
async function replaceFile(file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}.new`;
  await writeFile(draft, text, { flush: true, mode: 0o600 });
  await rename(draft, file);
}

const noop = (): void => undefined;
