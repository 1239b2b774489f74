import { spawn } from 'node:child_process';
import { type AddressInfo, createServer } from 'node:net';
import { type EngineProgram, serverArguments } from './engine.js';
import { isAlive, waitUntil } from './processes.js';

/** A database server's process. */
export interface ServerProcess {
  readonly pid: number;
  readonly port: number;
  isRunning(): boolean;
}

/** A server that another, now dead, keeper had started. */
export function adoptServer(pid: number, port: number): ServerProcess {
  return { pid, port, isRunning: () => isAlive(pid) };
}

/**
 * Launches the server; its output goes to this process's own.
 * @throws the system's error when the program cannot be run.
 */
export async function spawnServer(
  program: EngineProgram,
  port: number,
  dataFolder: string,
  asksPassword: boolean,
): Promise<ServerProcess> {
  const args = serverArguments(program.engine, port, dataFolder, asksPassword);
  const child = spawn(program.executable, args, {
    cwd: program.directory,
    stdio: ['ignore', 'inherit', 'inherit'],
    windowsHide: true,
  });
  await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  return { pid: child.pid!, port, isRunning: () => child.exitCode === null && child.signalCode === null };
}

/**
 * Asks the server to stop and insists after 15 s: a clean stop takes 2 to 5 s. On Windows there is only the
 * hard way; the journal makes it safe.
 */
export async function stopServer(server: ServerProcess): Promise<void> {
  await endBy(server, ['SIGTERM', 15_000], ['SIGKILL', 5000]);
}

/** Ends a server at once: for one that has written all it was given, because a clean stop takes 2 s and more. */
export async function killServer(server: ServerProcess): Promise<void> {
  await endBy(server, ['SIGKILL', 5000]);
}

async function endBy(server: ServerProcess, ...steps: [NodeJS.Signals, number][]): Promise<void> {
  for (const [signal, patienceMs] of steps) {
    if (!server.isRunning()) return;
    sendSignal(server.pid, signal);
    if (await waitUntil(() => !server.isRunning(), patienceMs)) return;
  }
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It ended by itself in the meantime.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** A loopback port that nobody listens on at this moment. */
export async function findFreePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
