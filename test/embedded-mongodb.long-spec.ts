import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { serverArguments } from '../src/database/embedded/engine.js';
import { findFreePort } from '../src/database/embedded/server-process.js';
import {
  engineDir,
  install,
  isAlive,
  killAndWait,
  killUsers,
  newDataDir,
  noteFile,
  readNote,
  removeFolders,
  secantusVersion,
  stopped,
  store,
  stored,
  User,
  waitUntil,
  withCollection,
} from './support/embedded.js';

describe('the embedded MongoDB', () => {
  beforeAll(install, 300_000);
  afterEach(killUsers);
  afterAll(removeFolders);

  it('is shared, outlives a killed user, stops after the last one and keeps its data', async () => {
    const dataDir = await newDataDir();
    const first = new User(dataDir);
    const server = await first.server();
    expect(server.engine).toBe('secantusdb');
    expect(server.uri).toMatch(
      /^mongodb:\/\/netwarden:[\w-]{43}@127\.0\.0\.1:\d+\/netwarden\?directConnection=true&/,
    );
    expect(server.description).not.toMatch(/[\w-]{43}/);
    expect(server.description).toContain(secantusVersion);
    await store(server.uri, 'one');

    const second = new User(dataDir);
    expect(await second.server()).toMatchObject({ uri: server.uri, pid: server.pid });
    await first.kill();
    await sleep(3500); // The keeper looks each second and waits 2 s more.
    expect(await stored(server.uri)).toEqual(['one']);

    await second.leave();
    expect(await stopped(dataDir, server.pid)).toBe(true);

    const third = new User(dataDir);
    const restarted = await third.server();
    expect(restarted.pid).not.toBe(server.pid);
    expect(await stored(restarted.uri)).toEqual(['one']);
    expect(third.progress).toContainEqual(expect.stringContaining('was written by SecantusDB'));

    await third.kill();
    expect(await stopped(dataDir, restarted.pid)).toBe(true);
  }, 60_000);

  it('is one server for two that start at once, and starts afresh for one that arrives while it stops', async () => {
    const dataDir = await newDataDir();
    const [left, right] = [new User(dataDir), new User(dataDir)];
    const [one, other] = await Promise.all([left.server(), right.server()]);
    expect(one.pid).toBe(other.pid);
    await store(one.uri, 'kept');
    await Promise.all([left.leave(), right.leave()]);

    expect(await waitUntil(() => existsSync(join(dataDir, 'mongodb', 'lock')), 10_000)).toBe(true);
    const late = await new User(dataDir).server();
    expect(isAlive(one.pid)).toBe(false);
    expect(await stored(late.uri)).toEqual(['kept']);
  }, 60_000);

  it('replaces a stale note whose process ids and port belong to others by now', async () => {
    const dataDir = await newDataDir();
    const other = createServer((socket) => socket.on('error', () => undefined).end('not a database'));
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    const { port } = other.address() as { port: number };
    const root = join(dataDir, 'mongodb');
    const taken = { pid: process.pid, port, keeperPid: process.pid, keeperPort: port, token: 'a-token' };
    const stale = { folder: root, state: 'ready', engine: 'secantusdb', version: secantusVersion, ...taken };
    await mkdir(root);
    await writeFile(noteFile(dataDir), JSON.stringify(stale));

    const server = await new User(dataDir).server();
    other.close();
    expect(server.uri).not.toContain(`:${port}/`);
    expect(readNote(dataDir).pid).toBe(server.pid);
    expect(await stored(server.uri)).toEqual([]);
  }, 60_000);

  it('survives a killed keeper, and a killed keeper with its server', async () => {
    const dataDir = await newDataDir();
    const user = new User(dataDir);
    const server = await user.server();
    await store(server.uri, 'one');

    await killAndWait(readNote(dataDir).keeperPid);
    const adopter = new User(dataDir);
    expect(await adopter.server()).toMatchObject({ uri: server.uri, pid: server.pid });
    expect(adopter.progress).toContainEqual(expect.stringContaining('taking over'));
    await store(server.uri, 'two');

    const note = readNote(dataDir);
    await killAndWait(note.keeperPid, note.pid);
    const recovered = await new User(dataDir).server();
    expect(recovered.pid).not.toBe(server.pid);
    expect(await stored(recovered.uri)).toEqual(['one', 'two']);
  }, 60_000);

  it('gives data a password that has none or that refuses the one in the file, and removes users of others', async () => {
    const dataDir = await newDataDir();
    const passwordFile = join(dataDir, 'mongodb', 'password');
    const first = new User(dataDir);
    const server = await first.server();
    await store(server.uri, 'one');
    await withCollection(server.uri.replace('/netwarden?', '/admin?'), ({ db }) =>
      db.command({ createUser: 'intruder', pwd: 'intruder', roles: ['root'] }),
    );
    await first.leave();
    expect(await stopped(dataDir, server.pid)).toBe(true);

    await rm(passwordFile);
    const second = new User(dataDir);
    const upgraded = await second.server();
    expect(second.progress).toContainEqual(expect.stringContaining('gets a password'));
    expect(upgraded.uri).not.toBe(server.uri);
    expect(await stored(upgraded.uri)).toEqual(['one']);
    const intruding = upgraded.uri.replace(/netwarden:[^@]*@/, 'intruder:intruder@');
    await expect(stored(intruding)).rejects.toMatchObject({ code: 18 });
    await second.leave();
    expect(await stopped(dataDir, upgraded.pid)).toBe(true);

    await writeFile(passwordFile, 'of-another-state-of-the-data\n');
    const third = new User(dataDir);
    expect(await stored((await third.server()).uri)).toEqual(['one']);
    expect(await readFile(passwordFile, 'utf8')).not.toContain('another');
  });

  it('takes the place of a server of an earlier version, which lets everybody in, once nobody uses it', async () => {
    const dataDir = await newDataDir();
    const first = new User(dataDir);
    const server = await first.server();
    await store(server.uri, 'one');
    const note = readNote(dataDir);
    await first.leave();
    expect(await stopped(dataDir, server.pid)).toBe(true);
    const earlier = await serveOpenly(dataDir, note);
    const use = join(dataDir, 'mongodb', 'users', `${process.pid}-0a0b0c`);
    await writeFile(use, '');

    const refused = await new User(dataDir).error();
    expect(refused.message).toContain(`(process ${earlier}) was started by an earlier version`);
    expect(isAlive(earlier)).toBe(true);

    await rm(use);
    const next = new User(dataDir);
    const { uri, pid } = await next.server();
    expect(next.progress).toContainEqual(
      expect.stringContaining('stopping the database server of an earlier'),
    );
    expect(isAlive(earlier)).toBe(false);
    expect(pid).not.toBe(earlier);
    expect(await stored(uri)).toEqual(['one']);
  });
});

/** Serves the data as earlier versions did, without a password and by a keeper that is dead by now. @returns the process id. */
async function serveOpenly(dataDir: string, note: object): Promise<number> {
  const root = join(dataDir, 'mongodb');
  const home = join(engineDir, `secantusdb-${secantusVersion}`);
  const python = join(
    home,
    'venv',
    ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']),
  );
  const port = await findFreePort();
  const args = serverArguments('secantusdb', port, join(root, 'data-secantusdb'), false);
  const { pid } = spawn(python, args, { cwd: home, stdio: 'ignore' });
  const open = { pid: pid!, port, keeperPort: await findFreePort(), asksPassword: undefined };
  await writeFile(noteFile(dataDir), JSON.stringify({ ...note, ...open }));
  await rm(join(root, 'password'));
  const uri = `mongodb://127.0.0.1:${port}/netwarden?directConnection=true`;
  for (const end = Date.now() + 60_000; Date.now() < end;) {
    if (await stored(uri).catch(() => null)) break;
  }
  return pid!;
}
