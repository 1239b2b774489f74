import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { projectRoot } from '../../config/project-root.js';

/** Whether a process with this id exists; one that belongs to somebody else counts. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Polls until `condition` holds. @returns whether it did within `timeoutMs`. */
export async function waitUntil(condition: () => boolean, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() >= deadline) return false;
    await sleep(50);
  }
  return true;
}

export interface CommandResult {
  readonly ok: boolean;
  /** Error code of a program that could not be run at all, such as `ENOENT`. */
  readonly failure?: string;
  readonly stdout: string;
  /** Both streams, standard error last. */
  readonly output: string;
}

/** Runs a program to its end without a shell. Never rejects. */
export function run(command: string, args: readonly string[], timeoutMs: number): Promise<CommandResult> {
  return new Promise((done) => {
    const options = { timeout: timeoutMs, windowsHide: true, maxBuffer: 16 * 1024 * 1024 };
    execFile(command, [...args], options, (error, stdout, stderr) => {
      const failure = typeof error?.code === 'string' ? { failure: error.code } : {};
      done({ ok: error === null, ...failure, stdout, output: `${stdout}${stderr}` });
    });
  });
}

/** The last `count` lines that are not blank. */
export function lastLines(text: string, count: number): string {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  return lines.slice(-count).join('\n');
}

/** A script of this folder that Node can run: beside this file, or in `dist` when this runs from TypeScript. */
export function compiledScript(name: string): string {
  const beside = fileURLToPath(new URL(`./${name}`, import.meta.url));
  return existsSync(beside) ? beside : resolve(projectRoot, 'dist', 'database', 'embedded', name);
}
