import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseFolder, type ServerNote } from './database-folder.js';

/** Above the largest process id of Linux (2^22), macOS and Windows. */
const deadPid = 99_999_999;

describe('the database folder', () => {
  let dataDir: string;
  let folder: DatabaseFolder;
  let note: ServerNote;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'netwarden-folder-'));
    folder = await DatabaseFolder.open(dataDir);
    const keeper = { keeperPid: 12, keeperPort: 41_001, token: 'k' };
    note = {
      folder: folder.root,
      state: 'ready',
      engine: 'mongod',
      version: '8.0.4',
      pid: 11,
      port: 41_000,
      asksPassword: true,
      ...keeper,
    };
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  it('reads the note that was written', async () => {
    expect(await folder.readNote()).toBeNull();
    await folder.writeNote(note);
    expect(await folder.readNote()).toEqual(note);
    await folder.removeNote();
    expect(await folder.readNote()).toBeNull();
  });

  it('takes a truncated note, an incomplete one and the note of another folder for none', async () => {
    for (const text of [
      '{"folder": "/x',
      '{"pid": 11}',
      JSON.stringify({ ...note, folder: '/elsewhere/mongodb' }),
    ]) {
      await writeFile(folder.noteFile, text);
      expect(await folder.readNote()).toBeNull();
    }
  });

  it('refuses a damaged engine marker instead of presenting an empty database', async () => {
    expect(await folder.readMarker()).toBeNull();
    await folder.writeMarker({ engine: 'secantusdb', sentinel: 's-1' });
    expect(await folder.readMarker()).toEqual({ engine: 'secantusdb', sentinel: 's-1' });
    await writeFile(folder.markerFile, '{"engine": "secant');
    await expect(folder.readMarker()).rejects.toMatchObject({ code: 'EMBEDDED_DATABASE_UNAVAILABLE' });
  });

  it('takes the note of an earlier version for one of a server without a password', async () => {
    await writeFile(folder.noteFile, JSON.stringify({ ...note, asksPassword: undefined }));
    expect(await folder.readNote()).toEqual({ ...note, asksPassword: false });
  });

  it('keeps the password until it is removed', async () => {
    expect(await folder.readPassword()).toBeNull();
    await folder.writePassword('pass');
    expect(await folder.readPassword()).toBe('pass');
    await folder.removePassword();
    expect(await folder.readPassword()).toBeNull();
  });

  (process.platform === 'win32' ? it.skip : it)(
    'is for its user alone, as are its files, and closes what was open, telling so',
    async () => {
      const closed: string[] = [];
      const open = join(dataDir, 'open');
      await mkdir(join(open, 'mongodb'), { recursive: true });
      for (const path of [open, join(open, 'mongodb')]) await chmod(path, 0o755);
      const opened = await DatabaseFolder.open(open, (path) => closed.push(path));
      expect(closed).toEqual([open, join(open, 'mongodb')]);
      await opened.writePassword('pass');
      await opened.writeNote(note);
      const modes = [open, opened.root, opened.passwordFile, opened.noteFile].map(async (path) => {
        const { mode } = await stat(path);
        return mode & 0o777;
      });
      expect(await Promise.all(modes)).toEqual([0o700, 0o700, 0o600, 0o600]);
    },
  );

  it('counts living users only and forgets dead ones', async () => {
    const leaveFirst = await folder.addUser();
    const leaveSecond = await folder.addUser();
    await writeFile(join(folder.root, 'users', `${deadPid}-0a0b0c`), '');
    expect(await folder.countUsers()).toBe(2);
    expect(await readdir(join(folder.root, 'users'))).toHaveLength(2);
    await leaveFirst();
    await leaveFirst();
    expect(await folder.countUsers()).toBe(1);
    await leaveSecond();
    expect(await folder.countUsers()).toBe(0);
  });

  it('says what to do when the folder cannot be made', async () => {
    const file = join(dataDir, 'a-file');
    await writeFile(file, '');
    await expect(DatabaseFolder.open(file)).rejects.toMatchObject({
      nextStep: expect.stringContaining('DATA_DIR'),
    });
  });
});
