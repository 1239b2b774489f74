import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import request from 'supertest';
import { cli, type Env, eventually, Server } from './support/program.js';

/** `nobody` on Linux; a number is enough, there need not be such a user. */
const other = 65_534;
const script = join(import.meta.dirname, 'support', 'second-user.mjs');

const canBecomeAnother = process.getuid?.() === 0;
if (!canBecomeAnother) {
  const reported = 'only root can start a process as another user, so what another user can do is not tried';
  if (process.env.CI) throw new Error(reported);
  process.stderr.write(`${reported}\n`);
}

(canBecomeAnother ? describe : describe.skip)('another user of the machine', () => {
  const folder = mkdtempSync(join(tmpdir(), 'netwarden-second-user-'));
  const env: Env = {
    DATA_DIR: folder,
    ENGINE_DIR: process.env.TEST_ENGINE_DIR!,
    PORT: '0',
    BOOTSTRAP: 'off',
  };
  const note = join(folder, 'mongodb', 'server.json');
  let server: Server;

  beforeAll(async () => {
    // As an earlier version has left it.
    chmodSync(folder, 0o755);
    server = await Server.start(env);
  });

  afterAll(async () => {
    await server.stop();
    await eventually(() => Promise.resolve(!existsSync(note)));
    rmSync(folder, { recursive: true, force: true });
  });

  const tryAll = async (): Promise<Record<string, unknown>> => {
    const { port } = JSON.parse(readFileSync(note, 'utf8')) as { port: number };
    const uri = `mongodb://netwarden:x@127.0.0.1:${port}/netwarden?directConnection=true&authSource=admin`;
    const files = ['admin.key', 'mongodb/password', 'mongodb/server.json', 'mongodb/server.log'];
    const plan = JSON.stringify({ folder, files, uri });
    const { stdout } = await promisify(execFile)(process.execPath, [script, `${other}`, `${other}`, plan]);
    return JSON.parse(stdout) as Record<string, unknown>;
  };

  it('neither enters the data folder nor reads or writes the embedded database, and the service goes on', async () => {
    expect(server.log).toContain(`closed the folder ${folder}`);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const { uid, ...outcomes } = await tryAll();
    expect(uid).toBe(other);
    expect(outcomes).toEqual({
      list: 'EACCES',
      create: 'EACCES',
      'read admin.key': 'EACCES',
      'read mongodb/password': 'EACCES',
      'read mongodb/server.json': 'EACCES',
      'read mongodb/server.log': 'EACCES',
      // 13 is unauthorized, 18 a refused login.
      'read with no login': '13',
      'insert with no login': '13',
      'make a user with no login': '13',
      'read with a guess': '18',
      'insert with a guess': '18',
      'make a user with a guess': '18',
    });

    await request(server.url).get('/health/ready').expect(200);
    const key = readFileSync(join(folder, 'admin.key'), 'utf8').trim();
    const listed = await request(server.url).get('/v1/admin/keys').set('x-api-key', key).expect(200);
    expect(listed.text).not.toContain('intruder');
    expect((await cli(['keys', 'create', 'one more', '--role', 'viewer'], env)).code).toBe(0);
  });

  it('does not find the password in what the service and its processes say of themselves', async () => {
    const password = readFileSync(join(folder, 'mongodb', 'password'), 'utf8').trim();
    const { body, text } = await request(server.url).get('/health/ready');
    expect(body.database.link).toMatch(/^embedded .* on 127\.0\.0\.1:\d+/);
    const { pid, keeperPid } = JSON.parse(readFileSync(note, 'utf8')) as { pid: number; keeperPid: number };
    const commandLines =
      process.platform === 'linux'
        ? [pid, keeperPid].map((id) => readFileSync(`/proc/${id}/cmdline`, 'utf8'))
        : [];
    for (const said of [text, server.log, ...commandLines]) expect(said).not.toContain(password);
  });
});
