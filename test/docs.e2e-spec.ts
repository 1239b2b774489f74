import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cli, type Env, projectRoot, type Sandbox, Server, someData } from './support/program.js';
import { serveBaseline, trainedSandbox } from './support/trained.js';

const pages = ['README.md', ...readdirSync(join(projectRoot, 'docs')).map((name) => `docs/${name}`)];
/** How a block begins that is only shown, with the reason behind it. */
const shown = /^# Not run by the tests[^:]*: .{20,}/;
/** What the commands train on: enough for the contract, and little to do. */
const rows = 1500;
const hasCurl = spawnSync('curl', ['--version']).status === 0;
const test = hasCurl || process.env.CI ? it : it.skip;

interface Block {
  readonly language: string;
  readonly text: string;
}

const textOf = (page: string): string => readFileSync(join(projectRoot, page), 'utf8');
const blocksOf = (page: string): Block[] =>
  [...textOf(page).matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({ language, text }));
const commandsOf = (page: string): string[] =>
  blocksOf(page)
    .filter(({ language, text }) => language === 'sh' && !shown.test(text))
    .map(({ text }) => text);

describe('README and docs', () => {
  let sandbox: Sandbox;
  let server: Server;
  let env: Env;

  beforeAll(async () => {
    sandbox = await trainedSandbox({ rows });
    await serveBaseline(sandbox, 'url');
    await serveBaseline(sandbox, 'network-flow');
    env = { ...sandbox.env, AUTH: 'on' };
    // A project's folder in which what the commands write is soon forgotten, and what they push is not too much.
    for (const name of ['.data', 'data']) mkdirSync(join(sandbox.folder, name));
    for (const name of ['models', 'test']) symlinkSync(join(projectRoot, name), join(sandbox.folder, name));
    const lines = readFileSync(someData, 'utf8').split(/(?<=\n)/);
    writeFileSync(join(sandbox.folder, 'data', 'phishing-websites.csv'), lines.slice(0, rows + 1).join(''));
    const { stdout: key } = await cli(['keys', 'create', 'reader', '--role', 'admin'], env);
    writeFileSync(join(sandbox.folder, '.data', 'admin.key'), key);
    server = await Server.start(env);
  });

  afterAll(async () => {
    await server?.stop();
    await sandbox.remove();
  });

  test.each(pages.filter((page) => commandsOf(page).length > 0))(
    'have commands that work as they stand, each after those before it: %s (skipped where there is no curl, never in CI)',
    async (page) => {
      const prelude = `node() {
        if [ "$1" = dist/cli.js ]; then shift; command node '${join(projectRoot, 'test/support/loaded-command.mjs')}' "$@"
        else command node "$@"; fi
      }\n`;
      const commands = commandsOf(page)
        .map((text, i) => `echo "block ${i + 1}:" >&2\n${text}`)
        .join('')
        .replaceAll('http://127.0.0.1:3000', server.url);
      const { PATH = '' } = process.env;
      const run = promisify(execFile)('sh', ['-ec', prelude + commands], {
        cwd: sandbox.folder,
        env: { PATH, ...env, TEST_PROCESSES: process.env.TEST_PROCESSES },
        maxBuffer: 2 ** 26,
      }).catch(({ stderr, stdout }: { stderr: string; stdout: string }) => {
        throw new Error(`${page}: ${stderr.slice(-2000)}\n${stdout.slice(-500)}`);
      });
      await run;
    },
  );

  it.each(pages)('show no command outside a block of `sh`, which is run or says why not: %s', (page) => {
    for (const { language, text } of blocksOf(page)) {
      expect([language, text]).toEqual([expect.stringMatching(/^(sh|text|ini)$/), text]);
      if (language !== 'sh') expect(text).not.toMatch(/^\s*(curl|node|npm|npx)\b/m);
    }
  });

  it.each(pages)('link to files that are there: %s', (page) => {
    const links = [...textOf(page).matchAll(/\]\((?!http)([^)#]+)\)/g)].map((match) => match[1]);
    const missing = links.filter((link) => !existsSync(join(projectRoot, dirname(page), link)));
    expect(missing).toEqual([]);
  });

  it('have a README of at most 150 lines, with the two commands that a machine with nothing prepared needs', () => {
    const readme = textOf('README.md');
    expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(150);
    for (const command of ['npm ci && npm start', 'npm ci && npm test']) {
      expect(readme).toContain(`\n${command}\n`);
    }
  });

  it('name every command of the command line and every option', async () => {
    const page = textOf('docs/command-line.md');
    const missing: string[] = [];
    const visit = async (...path: string[]): Promise<void> => {
      const { stdout } = await cli([...path, '--help'], env);
      for (const [, option] of stdout.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)) {
        if (!['--help', '--version'].includes(option) && !page.includes(option))
          missing.push(`${path.join(' ')} ${option}`);
      }
      const [, commands = ''] = stdout.split('Commands:\n');
      if (commands === '' && !page.includes(path.join(' '))) missing.push(path.join(' '));
      for (const [, name] of commands.matchAll(/^ {2}([a-z-]+)/gm)) {
        if (name !== 'help') await visit(...path, name);
      }
    };
    await visit();
    expect(missing).toEqual([]);
  });

  it('name every setting', () => {
    const keys = [...textOf('.env.example').matchAll(/^(?:# )?([A-Z][A-Z_]+)=/gm)].map((match) => match[1]);
    expect(keys.length).toBeGreaterThan(25);
    const page = textOf('docs/configuration.md');
    expect(keys.filter((key) => !page.includes(`\`${key}\``))).toEqual([]);
  });
});
