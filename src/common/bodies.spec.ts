import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Readable } from 'node:stream';
import Fastify, { type FastifyInstance } from 'fastify';
import request from 'supertest';
import { readBodies } from './bodies.js';
import { answerFrameworkError } from './problem.filter.js';

describe('the body of a request', () => {
  const bodyLimit = 512 * 1024;
  let fastify: FastifyInstance;
  let port: number;

  beforeAll(async () => {
    fastify = Fastify({ forceCloseConnections: true });
    fastify.setErrorHandler((error, asked, reply) => answerFrameworkError(error as Error, asked, reply));
    readBodies(fastify, bodyLimit);
    const kind = (body: unknown): string =>
      body instanceof Readable
        ? 'stream'
        : body === undefined
          ? 'nothing'
          : JSON.stringify(body).slice(0, 50);
    fastify.post('/form', (asked) => ({ got: kind(asked.body) }));
    fastify.post('/items', { config: { manyItems: true } }, (asked) => ({ got: kind(asked.body) }));
    fastify.delete('/form', (asked) => ({ got: kind(asked.body) }));
    fastify.post('/upload', { config: { uploads: ['text/csv'] } }, async (asked) => {
      let bytes = 0;
      if (!(asked.body instanceof Readable)) return { got: kind(asked.body) };
      for await (const chunk of asked.body) bytes += (chunk as Buffer).length;
      return { got: `${bytes} bytes` };
    });
    await fastify.listen({ host: '127.0.0.1', port: 0 });
    port = (fastify.server.address() as { port: number }).port;
  });
  afterAll(() => fastify.close());

  const post = (path: string, type: string, body: string | Buffer = ''): request.Test =>
    request(fastify.server)
      .post(path)
      .set('content-type', type)
      .serialize((text: string) => text)
      .send(body as string);

  it.each([
    'text/plain',
    'text/csv',
    'application/octet-stream',
    'application/x-ndjson',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'nonsense',
  ])(
    'of the type %s is a 415 that names the right one where no upload is declared, empty or not',
    async (type) => {
      for (const body of ['', 'a=b']) {
        const answer = await post('/form', type, body);
        expect([answer.status, answer.body.code]).toEqual([415, 'MEDIA_TYPE_UNSUPPORTED']);
        if (type !== 'nonsense') expect(answer.body.detail).toMatch(/send application\/json as content-type/);
      }
    },
  );

  it('reaches a route as a stream where the route declares its type, and as JSON there too', async () => {
    expect((await post('/upload', 'TEXT/CSV; charset=utf-8', 'a,b')).body.got).toBe('3 bytes');
    expect((await post('/upload', 'application/json', '{"a":1}')).body.got).toBe('{"a":1}');
    const answer = await post('/upload', 'text/plain', 'a');
    expect([answer.status, answer.body.detail]).toEqual([
      415,
      expect.stringContaining('send text/csv, application/json'),
    ]);
  });

  it('may be missing, or be empty JSON', async () => {
    expect((await request(fastify.server).post('/form')).body.got).toBe('nothing');
    expect((await post('/form', 'application/json')).body.got).toBe('nothing');
    expect((await request(fastify.server).delete('/form').set('content-type', 'text/plain')).body.got).toBe(
      'nothing',
    );
  });

  it.each([
    ['cut off', '{"a":'],
    ['nested 100,000 deep', '['.repeat(100_000)],
    ['with a prototype', '{"__proto__":{"x":1}}'],
    ['with a constructor', '{"constructor":{"prototype":{"x":1}}}'],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22])],
  ])('that is JSON %s is a 400, and the next one is read', async (_name, body) => {
    const answer = await post('/items', 'application/json', body);
    expect([answer.status, answer.body.code]).toEqual([400, 'REQUEST_INVALID']);
    expect((await post('/items', 'application/json', '[1]')).body.got).toBe('[1]');
  });

  it('may be large only where many items are sent', async () => {
    const text = JSON.stringify('x'.repeat(300 * 1024));
    expect((await post('/form', 'application/json', text)).status).toBe(413);
    expect((await post('/items', 'application/json', text)).status).toBe(200);
    expect((await post('/items', 'application/json', JSON.stringify('x'.repeat(bodyLimit)))).status).toBe(
      413,
    );
  });

  it('of many half-sent ones is refused while together they would take too much memory, and read when they are gone', async () => {
    const head = `POST /items HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${bodyLimit}\r\n\r\n[`;
    const sockets = Array.from({ length: 8 }, () => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined).write(head);
      return socket;
    });
    const half = async (): Promise<number> => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined).write(head);
      const answer = await Promise.race([
        new Promise<string>((done) => socket.once('data', (data: Buffer) => done(data.toString()))),
        sleep(300).then(() => ''),
      ]);
      socket.destroy();
      return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0);
    };
    while ((await half()) !== 503) await sleep(20);
    for (const socket of sockets) socket.destroy();
    while ((await half()) !== 0) await sleep(20);
    expect((await post('/items', 'application/json', '[1]')).status).toBe(200);
  });

  it('does not cut off the sender that wants its connection closed: it gets its answer, and the end behind all it sends', async () => {
    const half = Buffer.alloc(bodyLimit, 'x');
    const socket = connect(port, '127.0.0.1');
    let received = '';
    const answered = new Promise<void>((done) => {
      socket.on('data', (piece) => {
        received += piece.toString('latin1');
        if (received.includes('\r\n\r\n')) done();
      });
    });
    const over = new Promise<string>((done) => {
      socket.on('end', () => done('ended')).on('error', (error) => done(error.message));
    });
    socket.write(
      'POST /form HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/json\r\n' +
        `content-length: ${2 * half.length}\r\n\r\n`,
    );
    socket.write(half);
    await answered;
    socket.write(half);
    expect(await over).toBe('ended');
    expect(received).toMatch(/^HTTP\/1\.1 413 /);
    socket.destroy();
  });
});
