import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
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
});
