import { connect } from 'node:net';
import request from 'supertest';
import { Sandbox, Server } from './support/program.js';

const always = {
  'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** All that comes back for bytes sent as they are. */
function exchange(server: Server, bytes: string): Promise<string> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    let answer = '';
    connect(Number(port), hostname)
      .on('data', (data: Buffer) => (answer += data.toString('latin1')))
      .on('error', reject)
      .on('close', () => resolve(answer))
      .end(bytes);
  });
}

describe('the edge of the service', () => {
  let sandbox: Sandbox;
  let server: Server;

  beforeAll(async () => {
    sandbox = new Sandbox();
    server = await Server.start(sandbox.env);
  });
  afterAll(async () => {
    await server?.stop();
    await sandbox.remove();
  });

  it.each([
    '/docs',
    '/docs/openapi.json',
    '/health/live',
    '/nothing',
    '/v1/admin/models',
    '/%ZZ',
    `/v1/data/${'x'.repeat(300)}/batches`,
  ])('sets the security headers and an id on the answer to GET %s', async (path) => {
    const { headers } = await request(server.url).get(path);
    expect(headers).toMatchObject({ ...always, 'x-request-id': expect.stringMatching(/./) });
  });

  it('lets no cache keep what a key may see', async () => {
    for (const path of ['/v1/admin/keys', '/v1/admin/audit', '/v1/predictions/x', '/v1/training-runs']) {
      expect((await request(server.url).get(path)).headers['cache-control']).toBe('no-store');
    }
  });

  it('has a page for the API that runs no script of its own text, as the content security policy asks for', async () => {
    const { text } = await request(server.url).get('/docs').expect(200);
    const scripts = [...text.matchAll(/<script([^>]*)>([\s\S]*?)<\/script>/g)];
    expect(scripts.length).toBeGreaterThan(0);
    for (const [, attributes, inline] of scripts) {
      expect(attributes).toMatch(/src=/);
      expect(inline.trim()).toBe('');
    }
  });

  it.each([
    ['no HTTP', 'nonsense\r\n\r\n', 400],
    ['an unknown version', 'GET / HTTP/9.9\r\nhost: localhost\r\n\r\n', 400],
    ['headers of 40 kB', `GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'x'.repeat(40_000)}\r\n\r\n`, 431],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n',
      400,
    ],
    ['no host', 'GET /health/live HTTP/1.1\r\nconnection: close\r\n\r\n', 400],
  ])('answers %s with a problem document that has an id', async (_, bytes, status) => {
    const [head, body] = (await exchange(server, bytes)).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toMatch(/content-type: application\/problem\+json/i);
    expect(head).toMatch(/x-content-type-options: nosniff/i);
    expect(JSON.parse(body)).toMatchObject({ status, requestId: expect.stringMatching(/./) });
  });

  it.each(['text/plain', 'text/csv', 'application/octet-stream', 'application/x-ndjson'])(
    'stays up when a route for JSON is sent %s, empty or not',
    async (type) => {
      for (const body of ['', 'x']) {
        for (const path of [
          '/v1/predictions/x/feedback',
          '/v1/admin/lists',
          '/v1/training-runs',
          '/v1/admin/keys',
        ]) {
          const answer = await request(server.url).post(path).set('content-type', type).send(body);
          expect([answer.status, answer.body.code]).toEqual([415, 'MEDIA_TYPE_UNSUPPORTED']);
        }
      }
      await request(server.url).get('/health/live').expect(200);
    },
  );

  it('without keys answers this machine under its own names only, and no page of another site', async () => {
    const asked = (headers: Record<string, string>): request.Test =>
      request(server.url).post('/v1/admin/keys').set(headers).send({ name: 'a', role: 'admin' });
    for (const headers of [
      { host: 'rebound.example' },
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
    ] as Record<string, string>[]) {
      const { status, body } = await asked(headers);
      expect([status, body.code]).toEqual([403, 'FOREIGN_ORIGIN']);
    }
    expect((await request(server.url).get('/v1/admin/keys')).body.total).toBe(0);
    await asked({ origin: server.url }).expect(201);
  });
});
