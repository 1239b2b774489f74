import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { toError } from '../../common/errors.js';
import { DatabaseFolder, type ServerNote } from './database-folder.js';
import { EmbeddedDatabaseError } from './embedded.errors.js';
import { engineLabels, saysListening, saysPortTaken } from './engine.js';
import { withFolderLock } from './folder-lock.js';
import { type KeeperPlan, keeperPlanSchema, type KeeperReport } from './keeper-protocol.js';
import { ensureSentinel } from './sentinel.js';
import { identify, withClient } from './server-probe.js';
import { adoptServer, findFreePort, type ServerProcess, spawnServer, stopServer } from './server-process.js';

const startLimitMs = 30_000;
const portAttempts = 5;
const pollMs = 1000;
/** A server without users waits this long for the next command of a script. */
const idleLimitMs = 2000;

/**
 * Runs one database server for all processes that use a folder, and stops it after the last of them. A
 * process of its own, because any user may be the first to go.
 */
class Keeper {
  private readonly token = randomUUID();
  private readonly folder: DatabaseFolder;
  private stopRequested = false;

  constructor(private readonly plan: KeeperPlan) {
    this.folder = new DatabaseFolder(plan.root);
  }

  async run(): Promise<void> {
    const keeperPort = await this.answerWithToken();
    // Ctrl-C and a closing terminal are for the users. Whoever ends this process itself gets a clean stop.
    for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
    process.on('SIGTERM', () => (this.stopRequested = true));
    const { server, note } = await this.start(keeperPort);
    await report({ ready: note });
    try {
      await this.watch(server);
    } catch (error) {
      await stopServer(server);
      throw error;
    }
  }

  private async answerWithToken(): Promise<number> {
    const answering = createServer((socket) => socket.on('error', () => socket.destroy()).end(this.token));
    await new Promise<void>((resolve, reject) =>
      answering.once('error', reject).listen(0, '127.0.0.1', resolve),
    );
    return (answering.address() as AddressInfo).port;
  }

  /** Starts the server, on another port when the first was taken in the meantime, or adopts the one that runs. */
  private async start(keeperPort: number): Promise<{ server: ServerProcess; note: ServerNote }> {
    for (let attempt = 1; ; attempt++) {
      // The log of an adopted server began with its start.
      const logged = this.plan.adopt ? 0 : await this.logSize();
      const server = await this.launch();
      try {
        return { server, note: await this.bringUp(server, keeperPort, logged) };
      } catch (error) {
        const again = !server.isRunning() && saysPortTaken(await this.logSince(logged));
        // An adopted server has users; it is left as it is.
        if (!this.plan.adopt) await stopServer(server);
        await this.folder.removeNote();
        if (!again || attempt === portAttempts) throw error;
      }
    }
  }

  private async launch(): Promise<ServerProcess> {
    const { adopt, program } = this.plan;
    if (adopt) return adoptServer(adopt.pid, adopt.port);
    try {
      return await spawnServer(program, await findFreePort(), this.folder.dataFolder(program.engine));
    } catch (cause) {
      throw await this.startFailure(`could not be run: ${toError(cause).message}`);
    }
  }

  private async bringUp(server: ServerProcess, keeperPort: number, logged: number): Promise<ServerNote> {
    const { engine } = this.plan.program;
    const { pid, port } = server;
    const keeper = { keeperPid: process.pid, keeperPort, token: this.token };
    const note = { folder: this.folder.root, engine, version: '', pid, port, ...keeper };
    await this.folder.writeNote({ ...note, state: 'starting' });
    const version = await this.waitForVersion(server, logged);
    await ensureSentinel(this.folder, engine, port);
    const ready: ServerNote = { ...note, version, state: 'ready' };
    await this.folder.writeNote(ready);
    return ready;
  }

  /** Waits until the server says that it listens and answers as what it should be. */
  private async waitForVersion(server: ServerProcess, logged: number): Promise<string> {
    const { engine } = this.plan.program;
    const deadline = Date.now() + startLimitMs;
    while (server.isRunning() && Date.now() < deadline && !this.stopRequested) {
      await sleep(100);
      if (!saysListening(await this.logSince(logged), server.port)) continue;
      const version = await withClient(server.port, (client) => identify(client, engine)).catch(notYet);
      if (version !== null && server.isRunning()) return version;
    }
    throw await this.startFailure(
      server.isRunning() ? 'did not answer within 30 s' : 'ended while it started',
    );
  }

  private async startFailure(what: string): Promise<EmbeddedDatabaseError> {
    const log = await this.folder.lastLogLines();
    return new EmbeddedDatabaseError(
      `${engineLabels[this.plan.program.engine]} ${what}.${log === '' ? '' : ` Its last lines:\n${log}`}`,
      `The whole log is ${this.folder.logFile}. Or set MONGODB_URI to a MongoDB server of your own.`,
    );
  }

  /** Returns when the server has stopped, by itself or because nobody uses it any more. */
  private async watch(server: ServerProcess): Promise<void> {
    let lastUsed = Date.now();
    while (server.isRunning()) {
      await sleep(pollMs);
      if (!existsSync(this.folder.root)) return stopServer(server);
      const note = await this.folder.readNote();
      const isOurs = note?.token === this.token;
      if (!isOurs && note?.pid === server.pid) return; // Another keeper has adopted the server.
      if (!isOurs || this.stopRequested) return this.stop(server);
      if ((await this.folder.countUsers()) > 0) lastUsed = Date.now();
      else if (Date.now() - lastUsed >= idleLimitMs && (await this.stopUnlessUsed(server))) return;
    }
    process.stderr.write(`keeper: the server (process ${server.pid}) ended unexpectedly\n`);
    await this.removeOwnNote();
  }

  /** Under the lock: a process that finds the server running becomes its user before this looks again. */
  private stopUnlessUsed(server: ServerProcess): Promise<boolean> {
    return withFolderLock(this.folder.root, async () => {
      if ((await this.folder.countUsers()) > 0) return false;
      await stopServer(server);
      await this.removeOwnNote();
      return true;
    });
  }

  private stop(server: ServerProcess): Promise<void> {
    return withFolderLock(this.folder.root, async () => {
      await stopServer(server);
      await this.removeOwnNote();
    });
  }

  private async removeOwnNote(): Promise<void> {
    if ((await this.folder.readNote())?.token === this.token) await this.folder.removeNote();
  }

  private async logSize(): Promise<number> {
    return existsSync(this.folder.logFile) ? (await stat(this.folder.logFile)).size : 0;
  }

  private async logSince(offset: number): Promise<string> {
    return (await readFile(this.folder.logFile)).subarray(offset).toString('utf8');
  }
}

/** A server that has just begun to listen may fail the first question. */
const notYet = (): null => null;

/** Resolves also when the process that started this one is gone: its fellow users still need the server. */
function report(message: KeeperReport): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected || !process.send) resolve();
    else process.send(message, undefined, undefined, () => resolve());
  });
}

async function main(): Promise<void> {
  const plan = keeperPlanSchema.parse(JSON.parse(process.argv[2] ?? ''));
  try {
    await new Keeper(plan).run();
    process.exit(0);
  } catch (error) {
    const { message, nextStep = 'Try again.' } = toError(error) as Error & { nextStep?: string };
    process.stderr.write(`keeper: ${toError(error).stack ?? message}\n`);
    await report({ failed: { reason: message, nextStep } });
    process.exit(1);
  }
}

await main();
