import { join } from 'node:path';
import lockfile from 'proper-lockfile';
import { EmbeddedDatabaseError } from './embedded.errors.js';

/** Long enough for a first installation over a slow line by the process that holds the lock. */
const patienceMs = 15 * 60_000;
const retries = { forever: true, factor: 1, minTimeout: 100, maxTimeout: 100, maxRetryTime: patienceMs };

/**
 * Runs `work` while no other process runs any under the lock of this folder. The lock of a killed process
 * is free after 10 s.
 * @param onWait called once when the lock is not free within a second.
 * @throws EmbeddedDatabaseError when it is not free within 15 minutes.
 */
export async function withFolderLock<T>(
  folder: string,
  work: () => Promise<T>,
  onWait?: () => void,
): Promise<T> {
  const lockfilePath = join(folder, 'lock');
  const notice = setTimeout(() => onWait?.(), 1000);
  // Lost when this machine slept over the limit. The engine's own lock on its data still holds then.
  let lost = false;
  const onCompromised = (): void => void (lost = true);
  const release = await lockfile
    .lock(folder, { lockfilePath, realpath: false, stale: 10_000, update: 2000, retries, onCompromised })
    .catch((cause: unknown) => {
      if ((cause as NodeJS.ErrnoException).code !== 'ELOCKED') throw cause;
      const reason = `Another process has held the lock ${lockfilePath} for too long.`;
      throw new EmbeddedDatabaseError(reason, 'End that process, then try again.', { cause });
    })
    .finally(() => clearTimeout(notice));
  try {
    return await work();
  } finally {
    if (!lost) await release();
  }
}
