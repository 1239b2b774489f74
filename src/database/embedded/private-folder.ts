import { chmod, mkdir, stat } from 'node:fs/promises';

const othersBits = 0o077;
/** Set on folders that are made for everybody, such as `/tmp`. */
const stickyBit = 0o1000;

/**
 * Creates the folder for this user alone, or closes one of this user's own to everybody else. Another user's folder and
 * one that is made for everybody are left as they are, and so is all on Windows, where a folder has no such mode.
 * @returns whether a folder that was there has been closed.
 * @throws the system's error when it cannot be made.
 */
export async function makePrivate(folder: string): Promise<boolean> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { mode, uid } = await stat(folder);
  const isOurs = process.getuid !== undefined && uid === process.getuid();
  if (!isOurs || (mode & othersBits) === 0 || (mode & stickyBit) !== 0) return false;
  await chmod(folder, 0o700);
  return true;
}
