import { existsSync, renameSync } from 'node:fs';
import { chmod, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import {
  engineDir,
  install,
  killAndWait,
  killUsers,
  newDataDir,
  noteFile,
  readNote,
  removeFolders,
  secantusVersion,
  stopped,
  store,
  User,
  withCollection,
} from './support/embedded.js';

describe('the choice of an embedded MongoDB', () => {
  beforeAll(install, 300_000);
  afterEach(killUsers);
  afterAll(removeFolders);

  it('refuses data that has lost files or its sentinel instead of starting empty', async () => {
    const dataDir = await newDataDir();
    const { uri } = await new User(dataDir).server();
    await withCollection(uri.replace('/netwarden?', '/netwarden_meta?'), (items) => items.db.dropDatabase());
    const note = readNote(dataDir);
    await killAndWait(note.keeperPid, note.pid);

    const lost = await new User(dataDir).error();
    expect(lost.code).toBe('EMBEDDED_DATABASE_UNAVAILABLE');
    expect(lost.message).toContain('its sentinel is missing');
    expect(lost.nextStep).toContain('Restore');
    expect(existsSync(noteFile(dataDir))).toBe(false);

    const catalogue = join(dataDir, 'mongodb', 'data-secantusdb', 'WiredTiger.turtle');
    renameSync(catalogue, join(dataDir, 'WiredTiger.turtle'));
    expect((await new User(dataDir).error()).message).toContain('its sentinel is missing');
    expect(existsSync(catalogue)).toBe(false);
  }, 60_000);

  (process.platform === 'win32' ? it.skip : it)(
    'prefers a mongod on PATH for new data and misses it when it is gone',
    async () => {
      const dataDir = await newDataDir();
      const bin = await standInMongod();
      const env = { PATH: `${bin}${delimiter}${process.env.PATH}` };

      const user = new User(dataDir, {}, env);
      const server = await user.server();
      expect(server.engine).toBe('mongod');
      await store(server.uri, 'one');
      await user.leave();
      expect(await stopped(dataDir, server.pid)).toBe(true);

      await rm(join(bin, 'mongod'));
      const { message, nextStep } = await new User(dataDir, {}, { PATH: bin }).error();
      expect(message).toContain('mongod from PATH, which cannot be had any more: there is no mongod on PATH');
      expect(nextStep).toContain('Install mongod again');
    },
    60_000,
  );

  it('says what was tried and what to do when nothing can be had', async () => {
    const empty = await newDataDir();
    // Nobody listens on the discard port of loopback: the download fails at once.
    const env = { PATH: empty, MONGOMS_DOWNLOAD_MIRROR: 'https://127.0.0.1:9', MONGOMS_MAX_RETRIES: '1' };
    const options = { engines: undefined, engineDir: join(empty, 'engine') };
    const { code, message, nextStep } = await new User(await newDataDir(), options, env).error();
    expect(code).toBe('EMBEDDED_DATABASE_UNAVAILABLE');
    expect(message).toMatch(
      /no mongod on PATH; downloading mongod failed \(.*\); SecantusDB cannot be installed/,
    );
    expect(nextStep).toMatch(/MONGODB_URI.*mongod.*Python 3\.10-3\.13/);

    const again = await new User(await newDataDir(), options, env).error();
    expect(again.message).toContain('failed within the last day');
  }, 60_000);
});

/**
 * A folder with a program called `mongod`. It stands in for the real one, which cannot be assumed on a test
 * machine: it takes mongod's flags and serves the data with the installed SecantusDB.
 */
async function standInMongod(): Promise<string> {
  const bin = await newDataDir();
  const home = join(engineDir, `secantusdb-${secantusVersion}`);
  const script = `#!${process.execPath}
const { spawn } = require('node:child_process');
const args = process.argv.slice(2);
if (args[0] === '--version') { console.log('db version v0.0.0 (stand-in)'); process.exit(0); }
const value = (flag) => args[args.indexOf(flag) + 1];
const server = spawn(${JSON.stringify(join(home, 'venv', 'bin', 'python'))},
  ['-m', 'secantus', '--host', value('--bind_ip'), '--port', value('--port'), '--storage-path', value('--dbpath'), '--sync-on-commit',
    ...args.filter((flag) => flag === '--auth')],
  { cwd: ${JSON.stringify(home)}, stdio: 'inherit' });
process.on('SIGTERM', () => server.kill('SIGTERM'));
server.on('exit', (code) => process.exit(code ?? 1));
`;
  await writeFile(join(bin, 'mongod'), script);
  await chmod(join(bin, 'mongod'), 0o755);
  return bin;
}
