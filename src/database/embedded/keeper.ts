import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { toError } from '../../common/errors.js';
import { DatabaseFolder, type ServerNote } from './database-folder.js';
import { withFolderLock } from './folder-lock.js';
import { type KeeperPlan, keeperPlanSchema, type KeeperReport, proveToken } from './keeper-protocol.js';
import { type Login, removeIntruders, setUpLogin } from './login.js';
import { ensureSentinel } from './sentinel.js';
import { adoptServer, type ServerProcess, stopServer } from './server-process.js';
import { isLoginRefused, ServerStart } from './server-start.js';

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
  private readonly starter: ServerStart;
  private keeperPort = 0;
  private stopRequested = false;

  constructor(private readonly plan: KeeperPlan) {
    this.folder = new DatabaseFolder(plan.root);
    this.starter = new ServerStart(this.folder, plan.program, () => this.stopRequested);
  }

  async run(): Promise<void> {
    this.keeperPort = await this.answerWithToken();
    // Ctrl-C and a closing terminal are for the users. Whoever ends this process itself gets a clean stop.
    for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
    process.on('SIGTERM', () => (this.stopRequested = true));
    const { server, note } = await this.start();
    await report({ ready: note });
    try {
      await this.watch(server);
    } catch (error) {
      await stopServer(server);
      throw error;
    }
  }

  private async answerWithToken(): Promise<number> {
    const answering = proveToken(this.token);
    await new Promise<void>((resolve, reject) =>
      answering.once('error', reject).listen(0, '127.0.0.1', resolve),
    );
    return (answering.address() as AddressInfo).port;
  }

  /** Starts the server, or adopts the one that runs. */
  private async start(): Promise<{ server: ServerProcess; note: ServerNote }> {
    const known = await this.folder.readPassword();
    if (this.plan.adopt) return this.adopt(this.plan.adopt, known);
    try {
      return await this.startFor(known === null ? await this.setUpLogin() : { password: known });
    } catch (error) {
      // The data is an older state than the file of the password, such as one from a backup.
      if (known === null || !isLoginRefused(error)) throw error;
      return this.startFor(await this.setUpLogin());
    }
  }

  private async startFor(login: Login): Promise<{ server: ServerProcess; note: ServerNote }> {
    const { server, result } = await this.starter.start(login.password, (launched, version) =>
      this.bringUp(launched, login, version),
    );
    return { server, note: result };
  }

  private async adopt(
    { pid, port }: NonNullable<KeeperPlan['adopt']>,
    password: string | null,
  ): Promise<{ server: ServerProcess; note: ServerNote }> {
    if (password === null)
      throw new Error(`the password of the running server is not in ${this.folder.root}`);
    const server = adoptServer(pid, port);
    try {
      // The log of an adopted server began with its start.
      const version = (): Promise<string> => this.starter.version(server, password, 0);
      return { server, note: await this.bringUp(server, { password }, version) };
    } catch (error) {
      // It has users, so it is left as it is.
      await this.folder.removeNote();
      throw error;
    }
  }

  private setUpLogin(): Promise<Login> {
    const { engine } = this.plan.program;
    return setUpLogin(this.folder, engine, this.starter, (server) =>
      this.folder.writeNote(this.startingNote(server, false)),
    );
  }

  private async bringUp(
    server: ServerProcess,
    { password, setOn }: Login,
    version: () => Promise<string>,
  ): Promise<ServerNote> {
    const note = this.startingNote(server, true);
    await this.folder.writeNote(note);
    const ready: ServerNote = { ...note, version: await version(), state: 'ready' };
    const access = { port: server.port, password };
    if (setOn !== undefined) {
      await removeIntruders(access, setOn);
      await this.folder.writePassword(password);
    }
    await ensureSentinel(this.folder, this.plan.program.engine, access);
    await this.folder.writeNote(ready);
    return ready;
  }

  private startingNote({ pid, port }: ServerProcess, asksPassword: boolean): ServerNote {
    const { engine } = this.plan.program;
    const keeper = { keeperPid: process.pid, keeperPort: this.keeperPort, token: this.token };
    const { root } = this.folder;
    return { folder: root, state: 'starting', engine, version: '', pid, port, asksPassword, ...keeper };
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
}

/** Resolves also when the process that started this one is gone: its fellow users still need the server. */
function report(message: KeeperReport): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected || !process.send) resolve();
    else process.send(message, undefined, undefined, () => resolve());
  });
}

async function main(): Promise<void> {
  // What this process and the server write is for this user alone.
  process.umask(0o077);
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
