import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { DatabaseFolder, type ServerNote } from './database-folder.js';
import { isKept, proveToken } from './keeper-protocol.js';
import { findRunningServer } from './running-server.js';
import { tryPort } from './server-probe.js';
import { findFreePort } from './server-process.js';

/** A loopback server that sends `greeting` to whoever connects and ends the connection. */
async function greeter(greeting: string): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => socket.on('error', () => undefined).end(greeting));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

describe('a note left by an earlier server', () => {
  const servers: Server[] = [];
  let dataDir: string;
  let folder: DatabaseFolder;
  let stale: ServerNote;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'netwarden-note-'));
    folder = await DatabaseFolder.open(dataDir);
    const port = await findFreePort();
    const asksPassword = true;
    const dead = {
      asksPassword,
      pid: 99_999_999,
      port,
      keeperPid: 99_999_999,
      keeperPort: port,
      token: 'a-token',
    };
    stale = { folder: folder.root, state: 'ready', engine: 'secantusdb', version: '0.7.0b3', ...dead };
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) server.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  const listen = async (greeting: string): Promise<number> => {
    const { server, port } = await greeter(greeting);
    servers.push(server);
    return port;
  };

  it('is stale when nobody listens, even where the process ids are taken again', async () => {
    await folder.writeNote({ ...stale, pid: process.pid, keeperPid: process.pid });
    expect(await findRunningServer(folder)).toBeNull();
  });

  it('is stale when another program has the port', async () => {
    await folder.writeNote({ ...stale, port: await listen('SSH-2.0-other\r\n') });
    expect(await findRunningServer(folder)).toBeNull();
  });

  it('is stale when its start was cut off with everything that took part', async () => {
    await folder.writeNote({ ...stale, state: 'starting' });
    expect(await findRunningServer(folder)).toBeNull();
  });

  it('has a living keeper only where its own token is proved, which nobody is told', async () => {
    const keep = async (token: string): Promise<number> => {
      const server = proveToken(token);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      servers.push(server);
      return (server.address() as AddressInfo).port;
    };
    expect(await isKept(stale)).toBe(false);
    expect(await isKept({ ...stale, keeperPort: await keep('another-token') })).toBe(false);
    expect(await isKept({ ...stale, keeperPort: await listen('a-token') })).toBe(false);
    const keeperPort = await keep('a-token');
    expect(await isKept({ ...stale, keeperPort })).toBe(true);
    const socket = connect({ host: '127.0.0.1', port: keeperPort });
    socket.write('0'.repeat(64));
    expect(await text(socket)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('tells an open port from a closed one', async () => {
    expect(await tryPort(stale.port)).toBe('refused');
    expect(await tryPort(await listen(''))).toBe('open');
  });
});
