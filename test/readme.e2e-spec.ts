import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cli, projectRoot, type Sandbox, Server } from './support/program.js';
import { trainedSandbox } from './support/trained.js';
import { serveBaseline } from './support/baseline.js';

const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1]);
const hasCurl = spawnSync('curl', ['--version']).status === 0;
const test = hasCurl || process.env.CI ? it : it.skip;

describe('the README', () => {
  let sandbox: Sandbox;
  let server: Server;
  let keyFile: string;

  beforeAll(async () => {
    sandbox = await trainedSandbox();
    await serveBaseline(sandbox, 'url');
    await serveBaseline(sandbox, 'network-flow');
    const env = { ...sandbox.env, AUTH: 'on' };
    keyFile = join(sandbox.folder, 'admin.key');
    writeFileSync(keyFile, (await cli(['keys', 'create', 'reader', '--role', 'admin'], env)).stdout);
    server = await Server.start(env);
  });

  afterAll(async () => {
    await server?.stop();
    await sandbox.remove();
  });

  test('has curl lines that work as they stand (skipped where there is no curl, never in CI)', () => {
    expect(blocks.length).toBeGreaterThanOrEqual(8);
    const [sayKey, ...others] = blocks;
    expect(sayKey).toContain('.data/admin.key');
    for (const block of others) {
      const script = `${sayKey.replace('.data/admin.key', keyFile)}${block}`.replaceAll(
        'http://127.0.0.1:3000',
        server.url,
      );
      const run = (): Buffer =>
        execFileSync('sh', ['-ec', script], { cwd: projectRoot, maxBuffer: 2 ** 26, stdio: 'pipe' });
      expect(run).not.toThrow();
    }
  });

  it('links to files that are there', () => {
    const links = [...readme.matchAll(/\]\((?!http)([^)#]+)\)/g)].map((match) => match[1]);
    expect(links.length).toBeGreaterThan(2);
    for (const link of links) expect(() => readFileSync(join(projectRoot, link))).not.toThrow();
  });
});
