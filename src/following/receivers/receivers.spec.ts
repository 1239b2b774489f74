import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { RequestInvalidError } from '../../common/errors.js';
import { parseEnvironment } from '../../config/environment.js';
import type { Alert } from '../alerts/alert.js';
import { aFlowAlert, aHostAlert } from '../fixtures/alerts.js';
import type { AlertSink } from './alert-sink.js';
import { openReceiver, type ReceiverOptions } from './receivers.js';
import { syslogFrame, syslogMessage } from './syslog-message.js';
import { signatureHeaders } from './webhook.js';

const never = new AbortController().signal;
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const environment = parseEnvironment({ WEBHOOK_SECRET: secret });
const receiver = (options: ReceiverOptions): AlertSink => openReceiver(options, environment);
const alertsOf = (...uids: string[]): Alert[] => uids.map((uid) => aFlowAlert({ uid }));

beforeAll(() => Logger.overrideLogger(false));

describe('a receiver', () => {
  it.each<[ReceiverOptions, string, RegExp]>([
    [{ to: 'ftp://a.example' }, '--to', /must be syslog/],
    [{ to: 'somewhere' }, '--to', /must be syslog/],
    [{ to: 'syslog+tcp://' }, '--to', /names no host/],
    [{ to: 'https://a.example', format: 'cef' }, '--format', /a webhook takes/],
    [{ to: 'https://a.example', out: 'x' }, '--out', /beside --to/],
  ])('that cannot be is refused: %j', (options, path, message) => {
    expect.assertions(2);
    try {
      receiver(options);
    } catch (error) {
      expect(error).toBeInstanceOf(RequestInvalidError);
      expect((error as RequestInvalidError).errors).toEqual([
        { path, message: expect.stringMatching(message) },
      ]);
    }
  });

  it('without a secret is no webhook', () => {
    const open = (): AlertSink => openReceiver({ to: 'https://a.example' }, parseEnvironment({}));
    expect(open).toThrow(RequestInvalidError);
  });

  it('is named without what may be secret in its address', () => {
    expect(receiver({ to: 'https://u:p@hooks.example/services/T0/B1?key=k' }).name).toBe(
      'the webhook at hooks.example',
    );
    expect(receiver({ to: 'syslog+tls://[::1]' }).name).toBe('syslog at ::1:6514');
  });
});

describe('a file of alerts', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'netwarden-alerts-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is written to at its end, on a new line, and anew when it was rotated', async () => {
    const out = join(folder, 'alerts.ndjson');
    writeFileSync(out, '{"half":');
    const file = receiver({ out });
    await file.deliver(alertsOf('C1', 'C2'), never);
    const lines = readFileSync(out, 'utf8').split('\n');
    expect(lines).toHaveLength(4);
    expect(lines.slice(1, 3).map((line) => JSON.parse(line).flow.uid)).toEqual(['C1', 'C2']);
    renameSync(out, `${out}.1`);
    await file.deliver(alertsOf('C3'), never);
    expect(JSON.parse(readFileSync(out, 'utf8')).flow.uid).toBe('C3');
  });

  it('that cannot be written to is tried again', async () => {
    const out = join(folder, 'later', 'alerts.cef');
    const delivered = receiver({ out, format: 'cef' }).deliver(alertsOf('C1'), never);
    await sleep(50);
    mkdirSync(join(folder, 'later'));
    await delivered;
    expect(readFileSync(out, 'utf8')).toMatch(/^CEF:0\|.*cs2=C1 .*\n$/);
  });
});

describe('a syslog message', () => {
  it('is of RFC 5424, and framed by its length in bytes', () => {
    const message = syslogMessage(aHostAlert(), 'CEF:0|ü');
    expect(message).toMatch(
      /^<132>1 2023-11-14T22:13:40\.000Z [!-~]{1,255} netwarden \d+ horizontal-scan - CEF:0\|ü$/,
    );
    expect(syslogFrame('aü').toString()).toBe('3 aü');
    expect(syslogMessage(aFlowAlert(), '')).toMatch(/^<132>1 /);
    expect(syslogMessage(aFlowAlert({}, { verdict: 'suspicious' }), '')).toMatch(/^<133>1 /);
    expect(syslogMessage(aHostAlert({ kind: 'flood' }), '')).toMatch(/^<131>1 /);
  });
});

describe('syslog over TCP', () => {
  /** What a receiver has read, message by message. */
  let server: Server;
  let received: string[];
  const sockets = new Set<Socket>();

  const listen = (port = 0, onMessage: () => void = () => undefined): Promise<number> => {
    server = createServer((socket) => {
      sockets.add(socket);
      let text = Buffer.alloc(0);
      socket
        .on('error', () => undefined)
        .on('data', (bytes: Buffer) => {
          text = Buffer.concat([text, bytes]);
          for (let blank = text.indexOf(32); blank > 0; blank = text.indexOf(32)) {
            const end = blank + 1 + Number(text.subarray(0, blank));
            if (text.length < end) break;
            received.push(/cs2=(\w+)/.exec(text.toString('utf8', blank + 1, end))![1]);
            text = text.subarray(end);
            onMessage();
          }
        });
    });
    return new Promise((done) => {
      server.listen(port, '127.0.0.1', () => done((server.address() as AddressInfo).port));
    });
  };
  const away = async (): Promise<void> => {
    for (const socket of sockets) socket.resetAndDestroy();
    sockets.clear();
    await new Promise((done) => server.close(done));
  };

  beforeEach(() => (received = []));
  afterEach(away);

  it('sends each message whole, over one connection', async () => {
    const sink = receiver({ to: `syslog+tcp://127.0.0.1:${await listen()}` });
    await sink.deliver(alertsOf('C1', 'C2'), never);
    await sink.deliver(alertsOf('C3'), never);
    await sink.close();
    expect(received).toEqual(['C1', 'C2', 'C3']);
    expect(sockets.size).toBe(1);
  });

  it('waits while nobody listens, and sends again what it cannot be sure of', async () => {
    const port = await listen();
    const sink = receiver({ to: `syslog+tcp://127.0.0.1:${port}` });
    await sink.deliver(alertsOf('C1'), never);
    await away();
    let isDelivered = false;
    const delivered = sink.deliver(alertsOf('C2'), never).then(() => (isDelivered = true));
    await sleep(300);
    expect(isDelivered).toBe(false);
    // However long that is.
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 60_000);
    await listen(port);
    await delivered;
    clock.mockRestore();
    expect(received).toEqual(['C1', 'C1', 'C2']);
    await sink.close();
  });

  it('does not take a batch for taken when the connection ends right behind it', async () => {
    let isFirst = true;
    const port = await listen(0, () => {
      // It has read the message and dies before it does anything with it.
      if (isFirst) received.splice(0);
      if (isFirst) for (const socket of sockets) socket.destroy();
      isFirst = false;
    });
    const sink = receiver({ to: `syslog+tcp://127.0.0.1:${port}` });
    await sink.deliver(alertsOf('C1'), never);
    expect(received).toEqual(['C1']);
    await sink.close();
  });

  it('gives up when it is told to', async () => {
    const stop = new AbortController();
    const delivered = receiver({ to: 'syslog+tcp://127.0.0.1:1' }).deliver(alertsOf('C1'), stop.signal);
    setTimeout(() => stop.abort(), 50);
    await expect(delivered).rejects.toMatchObject({ name: 'AbortError' });
    await listen();
  });
});

describe('a webhook', () => {
  it('signs as Standard Webhooks say', () => {
    const signed = signatureHeaders(
      secret,
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      1614265330,
      '{"test": 2432232314}',
    );
    expect(signed).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('is sent batches again until it takes them, as late as it asks for', async () => {
    const requests: { at: number; headers: IncomingMessage['headers']; body: string }[] = [];
    const answers = [
      [500],
      [429, { 'retry-after': '1' }],
      [302, { location: 'http://127.0.0.1:1/' }],
      [204],
    ] as const;
    const server = createHttpServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        const [status, headers] = answers[Math.min(requests.length, answers.length - 1)];
        requests.push({ at: performance.now(), headers: request.headers, body });
        response.writeHead(status, headers).end('thanks');
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const sink = receiver({
      to: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
      format: 'ecs',
    });
    const uids = Array.from({ length: 101 }, (_, i) => `C${i}`);
    await sink.deliver(alertsOf(...uids), never);
    server.close();

    expect(requests).toHaveLength(5);
    expect(requests[2].at - requests[1].at).toBeGreaterThanOrEqual(990);
    const sizes = requests.map(({ body }) => JSON.parse(body).alerts.length);
    expect(sizes).toEqual([100, 100, 100, 100, 1]);
    const ids = requests.map(({ headers }) => headers['webhook-id'] as string);
    expect(new Set(ids.slice(0, 4)).size).toBe(1);
    expect(ids[4]).not.toBe(ids[0]);
    for (const { headers, body } of requests) {
      const seconds = Number(headers['webhook-timestamp']);
      expect(Math.abs(seconds - Date.now() / 1000)).toBeLessThan(60);
      expect(headers).toMatchObject(signatureHeaders(secret, headers['webhook-id'] as string, seconds, body));
      expect(headers['content-type']).toBe('application/json');
    }
  });
});

function sleep(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
