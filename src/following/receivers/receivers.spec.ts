import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { RequestInvalidError } from '../../common/errors.js';
import { parseEnvironment } from '../../config/environment.js';
import type { Alert } from '../alerts/alert.js';
import { aFlowAlert, aHostAlert, aUrlAlert } from '../fixtures/alerts.js';
import type { AlertSink, SetAside } from './alert-sink.js';
import { ResendingService } from '../resending.service.js';
import { openReceiver, type ReceiverOptions } from './receivers.js';
import { SetAsideStore } from './set-aside-store.js';
import { syslogFrame, syslogMessage } from './syslog-message.js';
import { signatureHeaders } from './webhook.js';

const never = new AbortController().signal;
const nothingRefused: SetAside = () => Promise.reject(new Error('an alert was refused'));
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
    [{ to: 'syslog+tcp://a.example?framing=lines' }, '--to', /framing=octets or \?framing=newline/],
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
    await file.deliver(alertsOf('C1', 'C2'), never, nothingRefused);
    const lines = readFileSync(out, 'utf8').split('\n');
    expect(lines).toHaveLength(4);
    expect(lines.slice(1, 3).map((line) => JSON.parse(line).flow.uid)).toEqual(['C1', 'C2']);
    renameSync(out, `${out}.1`);
    await file.deliver(alertsOf('C3'), never, nothingRefused);
    expect(JSON.parse(readFileSync(out, 'utf8')).flow.uid).toBe('C3');
  });

  it('that cannot be written to is tried again', async () => {
    const out = join(folder, 'later', 'alerts.cef');
    const delivered = receiver({ out, format: 'cef' }).deliver(alertsOf('C1'), never, nothingRefused);
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
    expect(syslogFrame('aü\nb', 'newline').toString()).toBe('aü b\n');
  });

  it('is the more severe the worse the alert is, of every kind', () => {
    const severity = (alert: Alert): number => Number(/^<(\d+)>/.exec(syslogMessage(alert, ''))![1]) - 128;
    const of = (verdict: 'benign' | 'suspicious' | 'malicious', probability: number): number[] => [
      severity(aFlowAlert({}, { verdict, probability })),
      severity({ ...aUrlAlert(), verdict, probability }),
    ];
    expect(of('malicious', 0.1)).toEqual([3, 3]);
    expect(of('suspicious', 0.99)).toEqual([4, 4]);
    expect(of('benign', 0.01)).toEqual([6, 6]);
    expect([severity(aHostAlert({ kind: 'flood' })), severity(aHostAlert())]).toEqual([3, 4]);
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
    await sink.deliver(alertsOf('C1', 'C2'), never, nothingRefused);
    await sink.deliver(alertsOf('C3'), never, nothingRefused);
    await sink.close();
    expect(received).toEqual(['C1', 'C2', 'C3']);
    expect(sockets.size).toBe(1);
  });

  it('ends messages with a line where the address asks for it', async () => {
    let text = '';
    server = createServer((socket) => void socket.on('data', (bytes) => (text += bytes.toString())));
    const port = await new Promise<number>((done) => {
      server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port));
    });
    const sink = receiver({ to: `syslog+tcp://127.0.0.1:${port}?framing=newline` });
    await sink.deliver(alertsOf('C1', 'C2'), never, nothingRefused);
    await sink.close();
    expect(text).toMatch(/^<131>1 [^\n]* cs2=C1 [^\n]*\n<131>1 [^\n]* cs2=C2 [^\n]*\n$/);
  });

  it('waits while nobody listens, and sends again what it cannot be sure of', async () => {
    const port = await listen();
    const sink = receiver({ to: `syslog+tcp://127.0.0.1:${port}` });
    await sink.deliver(alertsOf('C1'), never, nothingRefused);
    await away();
    let isDelivered = false;
    const delivered = sink.deliver(alertsOf('C2'), never, nothingRefused).then(() => (isDelivered = true));
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
    await sink.deliver(alertsOf('C1'), never, nothingRefused);
    expect(received).toEqual(['C1']);
    await sink.close();
  });

  it('gives up when it is told to', async () => {
    const stop = new AbortController();
    const delivered = receiver({ to: 'syslog+tcp://127.0.0.1:1' }).deliver(
      alertsOf('C1'),
      stop.signal,
      nothingRefused,
    );
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
    await sink.deliver(alertsOf(...uids), never, nothingRefused);
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

describe('a webhook that refuses', () => {
  /** Answers each body with a status, and keeps what it took. */
  const withServer = async (
    status: (uids: string[]) => number,
    work: (sink: AlertSink, taken: string[], sizes: number[]) => Promise<void>,
  ): Promise<void> => {
    const [taken, sizes]: [string[], number[]] = [[], []];
    const server = createHttpServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        const uids = (JSON.parse(body).alerts as { flow: { uid: string } }[]).map(({ flow }) => flow.uid);
        const code = status(uids);
        sizes.push(uids.length);
        if (code === 204) taken.push(...uids);
        response.writeHead(code).end();
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    try {
      await work(
        receiver({ to: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }),
        taken,
        sizes,
      );
    } finally {
      server.close();
    }
  };
  const uids = Array.from({ length: 10 }, (_, i) => `C${i}`);
  const aside: [string[], string][] = [];
  const setAside: SetAside = (alerts, reason) => {
    aside.push([alerts.map((alert) => (alert as { flow: { uid: string } }).flow.uid), reason]);
    return Promise.resolve();
  };
  beforeEach(() => aside.splice(0));

  it('batches as too large gets smaller ones from then on', () =>
    withServer(
      (batch) => (batch.length > 3 ? 413 : 204),
      async (sink, taken, sizes) => {
        await sink.deliver(alertsOf(...uids), never, setAside);
        expect([taken, aside]).toEqual([uids, []]);
        expect(sizes).toEqual([10, 5, 3, 2, 5, 3, 2]);
        await sink.deliver(alertsOf('C10', 'C11', 'C12', 'C13'), never, setAside);
        expect(sizes.slice(7)).toEqual([3, 1]);
      },
    ));

  it.each([400, 422, 413])('one alert by %d has it set aside with the reason, and takes the rest', (code) =>
    withServer(
      (batch) => (batch.includes('C4') ? code : 204),
      async (sink, taken) => {
        await sink.deliver(alertsOf(...uids), never, setAside);
        expect(taken).toEqual(uids.filter((uid) => uid !== 'C4'));
        expect(aside).toEqual([[['C4'], `it answers ${code}`]]);
      },
    ),
  );

  it.each([401, 403, 404, 410])(
    'everything by %d has the batch set aside without being asked again',
    (code) =>
      withServer(
        () => code,
        async (sink, taken, sizes) => {
          await sink.deliver(alertsOf(...uids), never, setAside);
          expect([taken, sizes]).toEqual([[], [10]]);
          expect(aside).toEqual([[uids, `it answers ${code}`]]);
        },
      ),
  );

  it('alerts has them sent again by order, and no others', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'netwarden-aside-'));
    const stored = parseEnvironment({ WEBHOOK_SECRET: secret, DATA_DIR: folder });
    const store = new SetAsideStore(stored);
    const resending = new ResendingService(stored, store);
    let code = 422;
    const server = createHttpServer((request, response) => {
      request.resume().on('end', () => response.writeHead(code).end());
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const to = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
    await store.add(to, 'the webhook', alertsOf('C1', 'C2'), 'it answers 422', new Date(0));
    await store.add('https://other.example', 'another', alertsOf('C3'), 'it answers 403', new Date(1));
    try {
      expect((await resending.list()).map(({ receiver: name, alerts }) => [name, alerts.length])).toEqual([
        ['the webhook', 2],
        ['another', 1],
      ]);
      expect(
        readdirSync(join(folder, 'set-aside'))
          .map((name) => readFileSync(join(folder, 'set-aside', name), 'utf8'))
          .join(),
      ).not.toContain('token');
      expect(await resending.resend({ to, ids: [] }, never)).toEqual({ sent: 0, refused: 2 });
      code = 204;
      expect(await resending.resend({ to, ids: [] }, never)).toEqual({ sent: 2, refused: 0 });
      expect((await resending.list()).map(({ receiver: name }) => name)).toEqual(['another']);
      await expect(resending.resend({ to, ids: ['none'] }, never)).rejects.toThrow(RequestInvalidError);
    } finally {
      server.close();
      rmSync(folder, { recursive: true });
    }
  });
});

function sleep(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
