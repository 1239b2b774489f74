import Fastify, { type FastifyInstance } from 'fastify';
import request from 'supertest';
import { refuseForeignOrigins } from './own-machine.js';

describe('a server without keys', () => {
  let fastify: FastifyInstance;

  beforeAll(async () => {
    fastify = Fastify();
    refuseForeignOrigins(fastify);
    fastify.setErrorHandler((error, _request, reply) => reply.send((error as { code?: string }).code));
    for (const method of ['GET', 'POST'] as const)
      fastify.route({ method, url: '/', handler: () => 'served' });
    await fastify.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(() => fastify.close());

  const send = async (
    headers: Record<string, string | undefined>,
    method: 'GET' | 'POST' = 'POST',
  ): Promise<string> => {
    const agent = request(fastify.server);
    const sent = method === 'GET' ? agent.get('/') : agent.post('/');
    return (await sent.set(headers as Record<string, string>)).text;
  };

  it.each(['localhost', 'LOCALHOST:3000', '127.0.0.1:3000', '127.1.2.3', '[::1]:3000'])(
    'answers under the name %s',
    async (host) => {
      expect(await send({ host })).toBe('served');
      expect(await send({ host, origin: `http://${host}` })).toBe('served');
    },
  );

  it.each(['evil.example:3000', '127.0.0.1.evil.example', 'localhost.evil.example', '10.0.0.1', '', '[::2]'])(
    'refuses the name %s, which another site may have pointed here',
    async (host) => {
      expect(await send({ host })).toBe('FOREIGN_ORIGIN');
    },
  );

  it.each([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost:8080' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
    { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' },
  ])('refuses what a page of another site sends: %j', async (headers) => {
    for (const method of ['GET', 'POST'] as const) {
      expect(await send({ host: 'localhost:3000', ...headers }, method)).toBe('FOREIGN_ORIGIN');
    }
  });

  it('lets a link from elsewhere show a page, and nothing more', async () => {
    const headers = { host: 'localhost:3000', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect(await send(headers, 'GET')).toBe('served');
    expect(await send(headers, 'POST')).toBe('FOREIGN_ORIGIN');
  });
});
