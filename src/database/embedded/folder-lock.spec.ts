import { mkdir, mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withFolderLock } from './folder-lock.js';

describe('the folder lock', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'netwarden-lock-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('lets one in at a time and is free afterwards, also after a failure', async () => {
    const events: string[] = [];
    const visit = (name: string, fails: boolean): Promise<void> =>
      withFolderLock(folder, async () => {
        events.push(`${name} in`);
        await sleep(50);
        events.push(`${name} out`);
        if (fails) throw new Error(name);
      });
    const first = visit('a', true);
    await sleep(20);
    const second = visit('b', false);
    await expect(first).rejects.toThrow('a');
    await second;
    expect(events).toEqual(['a in', 'a out', 'b in', 'b out']);
    expect(await readdir(folder)).toEqual([]);
  });

  it('tells once that it waits', async () => {
    const reported: string[] = [];
    const first = withFolderLock(folder, () => sleep(1300));
    await sleep(20);
    await withFolderLock(
      folder,
      () => Promise.resolve(),
      () => reported.push('waiting'),
    );
    await first;
    expect(reported).toEqual(['waiting']);
  });

  it('takes over the lock of a process that was killed', async () => {
    const lock = join(folder, 'lock');
    await mkdir(lock);
    const longAgo = new Date(Date.now() - 11_000);
    await utimes(lock, longAgo, longAgo);
    expect(await withFolderLock(folder, () => Promise.resolve('in'))).toBe('in');
  });
});
