import Fastify, { type FastifyInstance } from 'fastify';
import request from 'supertest';
import { refuseOtherMethods } from './method-not-allowed.js';

describe('a path that is there for other methods', () => {
  let fastify: FastifyInstance;

  beforeAll(async () => {
    fastify = Fastify({ forceCloseConnections: true });
    refuseOtherMethods(fastify);
    fastify.get('/models/:name', () => 'one');
    fastify.patch('/models/:name', () => 'changed');
    fastify.get('/models/compare', () => 'compared');
    await fastify.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(() => fastify.close());

  it('is a 405 that names them', async () => {
    const answer = await request(fastify.server).delete('/models/a?b=c').expect(405);
    expect(answer.headers.allow.split(', ').sort()).toEqual(['GET', 'HEAD', 'PATCH']);
  });

  it('is not taken for the parameter of another one', async () => {
    expect((await request(fastify.server).patch('/models/compare').expect(405)).headers.allow).toBe(
      'GET, HEAD',
    );
    expect((await request(fastify.server).patch('/models/a').expect(200)).text).toBe('changed');
  });

  it('is a 404 where there is none', async () => {
    await request(fastify.server).post('/models').expect(404);
    await request(fastify.server).get('/models/a/b').expect(404);
  });
});
