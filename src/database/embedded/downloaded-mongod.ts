import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EngineSearch } from './engine.js';
import { compiledScript, lastLines } from './processes.js';

/** What the download process prints last. */
export type DownloadReport = { readonly path: string } | { readonly error: string };

/** A download that has not written anything for so long is given up. */
const stallMs = 10_000;
const totalMs = 15 * 60_000;
/** A closed network stays closed: no new attempt for a day, because each costs some 7 s. */
const retryAfterMs = 24 * 60 * 60_000;

export interface DownloadOptions {
  readonly engineDir: string;
  readonly onProgress: (message: string) => void;
  /** Data of this engine exists: try even when the last attempt has just failed. */
  readonly required: boolean;
}

/** The mongod that mongodb-memory-server-core has downloaded into `engineDir`, or downloads now. */
export async function findDownloadedMongod(options: DownloadOptions): Promise<EngineSearch> {
  const directory = join(options.engineDir, 'mongod');
  await mkdir(directory, { recursive: true });
  const failureFile = join(directory, 'download-failed.txt');
  const recent = options.required ? null : await recentFailure(failureFile);
  if (recent !== null) {
    return {
      missing: `downloading mongod failed within the last day (${recent}; to retry, delete ${failureFile})`,
    };
  }
  options.onProgress(`looking for a downloaded mongod in ${directory}, or downloading one`);
  const report = await download(directory, options.onProgress);
  if ('path' in report) {
    await rm(failureFile, { force: true });
    return { program: { engine: 'downloaded-mongod', executable: report.path, directory } };
  }
  const reason = lastLines(report.error, 1);
  await writeFile(failureFile, `${reason}\n`);
  return { missing: `downloading mongod failed (${reason})` };
}

async function recentFailure(file: string): Promise<string | null> {
  try {
    const age = Date.now() - (await stat(file)).mtimeMs;
    return age < retryAfterMs ? (await readFile(file, 'utf8')).trim() : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function download(directory: string, onProgress: (message: string) => void): Promise<DownloadReport> {
  const child = spawn(process.execPath, [compiledScript('download-mongod.js'), directory], {
    stdio: ['ignore', 'pipe', 'ignore'],
    windowsHide: true,
  });
  const ended = new AbortController();
  const printed = text(child.stdout).finally(() => ended.abort());
  await endWhenStalled(child, directory, ended.signal, onProgress);
  return parseReport(await printed);
}

/** Ends the child when the folder has not grown for a while. Returns when the child has ended by itself. */
async function endWhenStalled(
  child: ChildProcess,
  directory: string,
  ended: AbortSignal,
  onProgress: (message: string) => void,
): Promise<void> {
  const start = Date.now();
  let size = await folderSize(directory);
  let grownAt = start;
  let toldAt = start;
  while (!ended.aborted && Date.now() - grownAt < stallMs && Date.now() - start < totalMs) {
    await sleep(250, undefined, { signal: ended }).catch(() => undefined);
    const now = await folderSize(directory);
    if (now === size) continue;
    [size, grownAt] = [now, Date.now()];
    if (grownAt - toldAt < 5000 || size < 1e6) continue;
    toldAt = grownAt;
    onProgress(`downloading mongod into ${directory}: ${Math.round(size / 1e6)} MB`);
  }
  child.kill();
}

/** Bytes of the files in the folder. One that is being renamed counts as 0. */
async function folderSize(directory: string): Promise<number> {
  const sizes = (await readdir(directory)).map((file) =>
    stat(join(directory, file)).then(
      ({ size }) => size,
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

function parseReport(printed: string): DownloadReport {
  const line = lastLines(printed, 1);
  return line.startsWith('{"')
    ? (JSON.parse(line) as DownloadReport)
    : { error: `no progress within ${stallMs / 1000} s` };
}
