import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { signatureHeaders } from '../src/following/receivers/webhook.js';
import { flowSandbox } from './support/flows.js';
import { GrowingLog } from './support/growing-log.js';
import { cli, type Env, eventually, projectRoot, type Sandbox } from './support/program.js';
import { Running } from './support/running.js';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

describe('following a log of flows', () => {
  let sandbox: Sandbox;
  let env: Env;
  let folders = 0;
  const running: Running[] = [];

  beforeAll(async () => {
    sandbox = await flowSandbox();
    env = { ...sandbox.env, WEBHOOK_SECRET: secret, LOG_LEVEL: 'info' };
  });
  afterEach(async () => {
    for (const process of running) if (!process.isOver) process.kill('SIGKILL');
    await Promise.all(running.splice(0).map(({ ended }) => ended));
  });
  afterAll(() => sandbox.remove());

  const newLog = (): GrowingLog => {
    const folder = join(sandbox.folder, `log-${++folders}`);
    mkdirSync(folder);
    return new GrowingLog(join(folder, 'eve.json'));
  };
  /** Starts following; every flow is reported unless `more` says otherwise. */
  const follow = async (log: GrowingLog, ...more: string[]): Promise<Running> => {
    const args = ['score', 'network-flow', '--follow', log.path, '--alert', 'benign', '--json', ...more];
    const process = Running.loaded({ script: 'cli.js', args, env });
    running.push(process);
    await eventually(() => Promise.resolve(process.isOver || process.stderr.includes('following ')));
    return process;
  };
  const stop = (process: Running): Promise<number | null> => {
    process.kill('SIGTERM');
    return process.ended;
  };
  /** Waits until each flow of the log is among those that `seen` gives. */
  const untilAll = (log: GrowingLog, seen: () => string[]): Promise<unknown> =>
    eventually(() => {
      const all = new Set(seen());
      return Promise.resolve(log.uids.every((uid) => all.has(uid)));
    });

  describe('to a syslog receiver', () => {
    let receiver: ChildProcess;
    let port = 0;
    let file: string;

    const startReceiver = async (): Promise<void> => {
      const script = join(projectRoot, 'test', 'support', 'syslog-receiver.mjs');
      receiver = spawn(process.execPath, [script, String(port), file], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      port = await new Promise((done) => receiver.stdout!.once('data', (text) => done(Number(text))));
    };
    const killReceiver = async (): Promise<void> => {
      const ended = new Promise((done) => receiver.once('exit', done));
      receiver.kill('SIGKILL');
      await ended;
    };
    const received = (): string[] => {
      if (!existsSync(file)) return [];
      return [...readFileSync(file, 'utf8').matchAll(/ cs2=(\d+) /g)].map(([, uid]) => uid);
    };

    beforeAll(() => {
      file = join(sandbox.folder, 'received');
      return startReceiver();
    });
    afterAll(killReceiver);

    it('loses nothing when the log is rotated and truncated, the process killed, and the receiver away', async () => {
      const log = newLog();
      const to = ['--to', `syslog+tcp://127.0.0.1:${port}`];
      log.write(300);
      let follower = await follow(log, ...to);
      await untilAll(log, received);

      await log.rename();
      log.write(100);
      await log.writeInHalves(() => untilAll({ uids: log.uids.slice(0, -1) } as GrowingLog, received));
      await log.truncate();
      log.write(100);
      await untilAll(log, received);

      log.write(2000);
      follower.kill('SIGKILL');
      await follower.ended;
      log.write(50);
      await log.rename();
      log.write(50);
      await log.rename();
      log.write(50);
      await log.truncate();
      log.write(50);
      follower = await follow(log, ...to);
      await untilAll(log, received);

      await killReceiver();
      log.write(500);
      await log.truncate();
      log.write(200);
      await log.rename();
      log.write(200);
      await eventually(() => Promise.resolve(follower.stderr.includes('takes no alerts, reading waits')));
      const before = received().length;
      await new Promise((wait) => setTimeout(wait, 2000));
      expect(received()).toHaveLength(before);
      await startReceiver();
      await untilAll(log, received);

      expect(await stop(follower)).toBe(0);
      expect(JSON.parse(follower.stdout)).toMatchObject({ detector: 'network-flow', lines: { fault: 0 } });
      for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
        expect(line).toMatch(/^<13[0-7]>1 \S+ \S+ netwarden \d+ [a-z-]+ - CEF:0\|Netwarden\|Netwarden\|/);
      }
    });
  });

  describe('to a webhook', () => {
    let server: Server;
    let alerts: { id: string; flow?: { uid: string } }[];
    let status: number;
    let refusals: number;

    beforeEach(async () => {
      [alerts, status, refusals] = [[], 200, 0];
      server = createServer((request, response) => {
        void bodyOf(request).then((body) => {
          const { 'webhook-id': id, 'webhook-timestamp': at } = request.headers as Record<string, string>;
          expect(request.headers).toMatchObject(signatureHeaders(secret, id, Number(at), body));
          if (status === 200) alerts.push(...JSON.parse(body).alerts);
          else refusals++;
          response.writeHead(status).end();
        });
      });
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    });
    afterEach(() => server.close());

    const uids = (): string[] => alerts.flatMap(({ flow }) => flow?.uid ?? []);

    it('sends each flow once where nothing goes wrong, also over a restart', async () => {
      const log = newLog();
      log.write(250);
      const to = ['--to', `http://127.0.0.1:${(server.address() as AddressInfo).port}`];
      const first = await follow(log, ...to);
      await untilAll(log, uids);
      expect(await stop(first)).toBe(0);
      expect(JSON.parse(first.stdout)).toMatchObject({ lines: { flow: 250 } });
      log.write(50);
      const second = await follow(log, ...to);
      await untilAll(log, uids);
      expect(await stop(second)).toBe(0);
      expect(JSON.parse(second.stdout)).toMatchObject({ lines: { flow: 50 } });
      expect(uids()).toEqual(log.uids);
    });

    it('ends in time while the receiver takes nothing, and sends it at the next start', async () => {
      const log = newLog();
      log.write(20);
      status = 503;
      const to = ['--to', `http://127.0.0.1:${(server.address() as AddressInfo).port}`];
      const first = await follow(log, ...to);
      await eventually(() => Promise.resolve(refusals > 0));
      expect(await stop(first)).toBe(0);
      expect(first.stderr).toContain('did not take the last alerts in time');
      status = 200;
      await follow(log, ...to);
      await untilAll(log, uids);
      expect(uids()).toEqual(log.uids);
    });
  });

  it('writes ECS to standard output, and the summary beside it', async () => {
    const log = newLog();
    log.write(3);
    const follower = await follow(log, '--format', 'ecs');
    await eventually(() => Promise.resolve(follower.stdout.split('\n').length > 3));
    expect(await stop(follower)).toBe(0);
    const documents = follower.stdout.trim().split('\n').map((line) => JSON.parse(line)); // prettier-ignore
    expect(documents.map(({ netwarden, event }) => [netwarden.uid, event.kind])).toEqual([
      ['1', 'alert'],
      ['2', 'alert'],
      ['3', 'alert'],
    ]);
    expect(follower.stderr).toContain('"lines":{"flow":3,');
  });

  it('names the host that scans, in a file of alerts', async () => {
    const log = newLog();
    const out = join(sandbox.folder, 'findings.ndjson');
    const header =
      '#separator \\x09\n#path\tconn\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tconn_state\torig_pkts\tresp_pkts\n';
    const probes = Array.from(
      { length: 40 },
      (_, i) =>
        `${1_700_000_000 + i}\tC${i}\t192.168.1.7\t4${1000 + i}\t192.168.1.20\t${i + 1}\ttcp\tREJ\t1\t1\n`,
    );
    writeFileSync(log.path, header + probes.join(''));
    const follower = await follow(log, '--alert', 'malicious', '--out', out);
    const findings = await eventually(() => {
      const lines = existsSync(out) ? readFileSync(out, 'utf8').trim().split('\n') : [];
      const hosts = lines.filter(Boolean).map((line) => JSON.parse(line)).filter(({ kind }) => kind === 'host'); // prettier-ignore
      return Promise.resolve(hosts.length > 0 && hosts);
    });
    expect(findings[0]).toMatchObject({
      finding: 'vertical-scan',
      host: '192.168.1.7',
      target: '192.168.1.20',
    });
    expect(new Set(findings.map(({ host }: { host: string }) => host))).toEqual(new Set(['192.168.1.7']));
    await stop(follower);
  });

  it.each([
    [['--format', 'csv'], '--format: is csv; only ndjson, ecs, cef can be written here'],
    [['--to', 'tcp://localhost'], '--to: must be syslog+tcp://'],
    [['--explain'], "option '--follow' cannot be used with option '--explain'"],
    [['--alert', 'evil'], "argument 'evil' is invalid"],
  ])('is refused with %j', async (more, message) => {
    const { code, stderr } = await cli(['score', 'network-flow', 'x.json', '--follow', ...more], env);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
  });

  it('is refused of what is no log of flows', async () => {
    const log = newLog();
    writeFileSync(log.path, 'once upon a time\n');
    const follower = await follow(log);
    expect(await follower.ended).toBe(2);
    expect(follower.stderr).toContain('The log is none of');
  });
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const text of request.setEncoding('utf8')) body += text;
  return body;
}
