import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { FileState } from './log-file.js';

/** A file that held the log before, as far as its name says. */
export interface RotatedLog extends FileState {
  readonly path: string;
}

/** A number or a time: `1`, `20260314`, `2026-03-14-10`, `26-03-14_10.00.00`. */
const turn = /^[.-]\d[\d.:_T-]*$/;

/**
 * The files beside a log that rotation may have made of it, the last written last: `eve.json.1`, `eve.json-20260314`,
 * `eve-20260314.json`, each also with `.gz`. Of a file and the beginning of its compressed copy only the file counts.
 */
export async function rotatedLogs(path: string): Promise<RotatedLog[]> {
  const folder = dirname(path);
  const names = new Set(await namesIn(folder));
  const rotated = [...names].filter(
    (name) => isRotated(name, basename(path)) && !(name.endsWith('.gz') && names.has(name.slice(0, -3))),
  );
  const files = await Promise.all(rotated.map((name) => stateOf(join(folder, name))));
  return files.filter((file) => file !== null).sort((a, b) => a.modified - b.modified);
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

export function isRotated(name: string, log: string): boolean {
  const plain = name.endsWith('.gz') ? name.slice(0, -3) : name;
  if (plain.startsWith(log) && turn.test(plain.slice(log.length))) return true;
  const extension = extname(log);
  const stem = log.slice(0, log.length - extension.length);
  const isNamedAlike = plain.startsWith(stem) && plain.endsWith(extension) && extension !== '';
  return isNamedAlike && turn.test(plain.slice(stem.length, plain.length - extension.length));
}

/** @returns null where there is no such file (any more) */
export async function stateOf(path: string): Promise<RotatedLog | null> {
  try {
    const { dev, ino, size, mtimeNs } = await stat(path, { bigint: true });
    return {
      path,
      device: String(dev),
      inode: String(ino),
      size: Number(size),
      modified: Number(mtimeNs) / 1e6,
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
