import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { toError } from '../../common/errors.js';
import { type DatabaseFolder } from './database-folder.js';
import { EmbeddedDatabaseError } from './embedded.errors.js';
import { engineLabels, type EngineProgram, saysListening, saysPortTaken } from './engine.js';
import { identify, type ServerAccess, withClient } from './server-probe.js';
import { findFreePort, type ServerProcess, spawnServer, stopServer } from './server-process.js';

const startLimitMs = 30_000;
const portAttempts = 5;

/** Whether the driver's error says that the server does not take the password. */
export function isLoginRefused(thrown: unknown): boolean {
  return (thrown as { code?: unknown }).code === 18;
}

/** Starts database servers on a folder and waits until they answer. */
export class ServerStart {
  constructor(
    private readonly folder: DatabaseFolder,
    private readonly program: EngineProgram,
    private readonly isCancelled: () => boolean,
  ) {}

  /**
   * Starts a server, on another port when the first was taken in the meantime, and does what makes it ready; stops it where
   * that fails.
   * @param password what it asks for; nothing when `null`.
   * @param bringUp waits for the server's version, among other things.
   * @throws EmbeddedDatabaseError with the end of the log, or what `bringUp` throws.
   */
  async start<T>(
    password: string | null,
    bringUp: (server: ServerProcess, version: () => Promise<string>) => Promise<T>,
  ): Promise<{ readonly server: ServerProcess; readonly result: T }> {
    for (let attempt = 1; ; attempt++) {
      const logged = await this.logSize();
      const server = await this.launch(password !== null);
      try {
        return { server, result: await bringUp(server, () => this.version(server, password, logged)) };
      } catch (error) {
        const again = !server.isRunning() && saysPortTaken(await this.logSince(logged));
        await stopServer(server);
        await this.folder.removeNote();
        if (!again || attempt === portAttempts) throw error;
      }
    }
  }

  /**
   * Waits until the server says that it listens and answers as what it should be.
   * @param logged how much of the log is older than the server, bytes
   */
  async version(server: ServerProcess, password: string | null, logged: number): Promise<string> {
    const access: ServerAccess = { port: server.port, password };
    const deadline = Date.now() + startLimitMs;
    while (server.isRunning() && Date.now() < deadline && !this.isCancelled()) {
      await sleep(100);
      if (!saysListening(await this.logSince(logged), server.port)) continue;
      const version = await withClient(access, (client) => identify(client, this.program.engine)).catch(
        notYet,
      );
      if (version !== null && server.isRunning()) return version;
    }
    throw await this.failure(server.isRunning() ? 'did not answer within 30 s' : 'ended while it started');
  }

  private async launch(asksPassword: boolean): Promise<ServerProcess> {
    const dataFolder = this.folder.dataFolder(this.program.engine);
    try {
      return await spawnServer(this.program, await findFreePort(), dataFolder, asksPassword);
    } catch (cause) {
      throw await this.failure(`could not be run: ${toError(cause).message}`);
    }
  }

  private async failure(what: string): Promise<EmbeddedDatabaseError> {
    const log = await this.folder.lastLogLines();
    return new EmbeddedDatabaseError(
      `${engineLabels[this.program.engine]} ${what}.${log === '' ? '' : ` Its last lines:\n${log}`}`,
      `The whole log is ${this.folder.logFile}. Or set MONGODB_URI to a MongoDB server of your own.`,
    );
  }

  private async logSize(): Promise<number> {
    return existsSync(this.folder.logFile) ? (await stat(this.folder.logFile)).size : 0;
  }

  private async logSince(offset: number): Promise<string> {
    return (await readFile(this.folder.logFile)).subarray(offset).toString('utf8');
  }
}

/** A server that has just begun to listen may fail the first question, but not by a wrong password. */
function notYet(thrown: unknown): null {
  if (isLoginRefused(thrown)) throw toError(thrown);
  return null;
}
