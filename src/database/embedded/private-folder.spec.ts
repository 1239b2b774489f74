import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePrivate } from './private-folder.js';

(process.platform === 'win32' ? describe.skip : describe)('a private folder', () => {
  let parent: string;
  const modeOf = async (folder: string): Promise<number> => (await stat(folder)).mode & 0o7777;

  beforeEach(async () => (parent = await mkdtemp(join(tmpdir(), 'netwarden-private-'))));
  afterEach(() => rm(parent, { recursive: true, force: true }));

  it('is made for its user alone, and so are the folders above it that were not there', async () => {
    const folder = join(parent, 'a', 'b');
    expect(await makePrivate(folder)).toBe(false);
    expect(await modeOf(folder)).toBe(0o700);
    expect(await modeOf(join(parent, 'a'))).toBe(0o700);
  });

  it('is closed where others could enter it, once', async () => {
    await chmod(parent, 0o755);
    expect(await makePrivate(parent)).toBe(true);
    expect(await modeOf(parent)).toBe(0o700);
    expect(await makePrivate(parent)).toBe(false);
  });

  it('is not made of a folder for everybody', async () => {
    await chmod(parent, 0o1777);
    expect(await makePrivate(parent)).toBe(false);
    expect(await modeOf(parent)).toBe(0o1777);
  });
});
