import { setTimeout as sleep } from 'node:timers/promises';
import Fastify, { type FastifyInstance } from 'fastify';
import { PinoLogger } from 'nestjs-pino';
import { logRequests } from './request-log.js';

type Line = Readonly<Record<string, unknown>>;

describe('the log of requests', () => {
  const lines: Line[] = [];
  const pino = new PinoLogger({
    pinoHttp: [{ level: 'debug' }, { write: (text: string) => void lines.push(JSON.parse(text) as Line) }],
  });
  let fastify: FastifyInstance;
  let address: string;

  /** A line may be written a moment behind its answer. */
  const lineOf = async (msg: string): Promise<Line> => {
    for (;;) {
      const found = lines.find((line) => line.msg === msg);
      if (found) return found;
      await sleep(5);
    }
  };

  beforeAll(async () => {
    fastify = Fastify({ genReqId: () => 'trace-1', forceCloseConnections: true });
    logRequests(fastify, pino);
    fastify.post('/write', () => {
      pino.info('written on the way');
      return {};
    });
    fastify.get('/broken', (_request, reply) => reply.status(503).send({}));
    fastify.get('/slow', () => sleep(200).then(() => ({})));
    address = await fastify.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(() => fastify.close());

  it('gives the id of a request to what is written on the way to its answer', async () => {
    const headers = { 'content-type': 'application/json' };
    await fetch(`${address}/write`, { method: 'POST', headers, body: '{"a":1}' });
    expect(await lineOf('written on the way')).toMatchObject({ requestId: 'trace-1' });
    pino.info('afterwards');
    expect(await lineOf('afterwards')).not.toHaveProperty('requestId');
  });

  it.each([
    ['/slow?a=b', 200, 20],
    ['/missing', 404, 30],
    ['/broken', 503, 50],
  ])('has a line for %s, answered with %i, at the level %i', async (url, statusCode, level) => {
    await fetch(`${address}${url}`);
    expect(await lineOf(`GET ${url}: ${statusCode}`)).toMatchObject({
      level,
      requestId: 'trace-1',
      method: 'GET',
      url,
      statusCode,
      responseTime: expect.any(Number),
    });
  });

  it('has a line for a request whose sender went away', async () => {
    await expect(fetch(`${address}/slow`, { signal: AbortSignal.timeout(50) })).rejects.toThrow();
    expect(await lineOf('GET /slow: the client went away')).toMatchObject({
      level: 20,
      requestId: 'trace-1',
    });
  });
});
