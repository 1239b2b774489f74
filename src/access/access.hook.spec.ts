import Fastify, { type FastifyInstance } from 'fastify';
import request from 'supertest';
import type { AccessRule, DetectorsTouched } from './access.decorators.js';
import { KeyRefusedError } from './access.errors.js';
import { checkAccessFirst } from './access.hook.js';
import { type Caller, callerOf } from './caller.js';
import { type Role, roles } from './roles.js';

/** A key is its role, and perhaps a detector: `viewer`, `admin/tiny`. */
const keys = {
  authenticate: (key: string): Promise<Caller> => {
    const [role, detector] = key.split('/');
    if (!roles.includes(role as Role)) return Promise.reject(new KeyRefusedError());
    return Promise.resolve({
      actor: `key ${key}`,
      key,
      role: role as Role,
      detectors: detector ? [detector] : null,
    });
  },
};

describe('the access hook', () => {
  const rules: Record<string, AccessRule | 'public'> = {
    open: 'public',
    ...Object.fromEntries(roles.map((role) => [role, { role, detectors: 'path' }])),
    all: { role: 'viewer', detectors: 'all' },
    own: { role: 'viewer', detectors: 'own' },
    url: { role: 'viewer', detectors: ['url'] satisfies DetectorsTouched },
  };
  let fastify: FastifyInstance;
  let parsed: number;

  const server = (auth = true): FastifyInstance => {
    const made = Fastify();
    checkAccessFirst(made, keys, { auth });
    made.setErrorHandler((error, _request, reply) => reply.send((error as { code?: string }).code));
    made.removeAllContentTypeParsers();
    made.addContentTypeParser('*', (_request, payload, done) => {
      parsed++;
      payload.resume();
      done(null, {});
    });
    for (const [name, access] of Object.entries(rules)) {
      for (const url of [`/${name}`, `/${name}/:detector`]) {
        made.post(url, { config: { access } }, (asked) => callerOf(asked)?.actor ?? 'nobody');
      }
    }
    return made;
  };
  const send = async (url: string, headers: Record<string, string> = {}): Promise<string> =>
    (await request(fastify.server).post(url).set(headers).send('x')).text;
  const withKey = (key: string): Record<string, string> => ({ 'x-api-key': key });

  beforeEach(async () => {
    parsed = 0;
    fastify = server();
    await fastify.listen({ host: '127.0.0.1', port: 0 });
  });
  afterEach(() => fastify.close());

  it('lets everybody through to what is public', async () => {
    expect(await send('/open')).toBe('nobody');
  });

  it('refuses a stranger before a byte of the body is read', async () => {
    expect(await send('/viewer')).toBe('KEY_MISSING');
    expect(await send('/viewer', withKey('guessed'))).toBe('KEY_REFUSED');
    expect(await send('/admin', withKey('viewer'))).toBe('ROLE_TOO_LOW');
    expect(await send('/viewer/other', withKey('viewer/tiny'))).toBe('DETECTOR_OUT_OF_SCOPE');
    expect(parsed).toBe(0);
  });

  it.each(roles)('lets the role %s through to what it covers', async (role) => {
    for (const needed of roles) {
      const covered = roles.indexOf(role) >= roles.indexOf(needed);
      expect(await send(`/${needed}`, withKey(role))).toBe(covered ? `key ${role}` : 'ROLE_TOO_LOW');
    }
  });

  it('takes the key from its header or as a bearer token', async () => {
    expect(await send('/viewer', { authorization: 'Bearer viewer' })).toBe('key viewer');
    expect(await send('/viewer', { authorization: 'bearer viewer' })).toBe('key viewer');
    const without: Record<string, string>[] = [
      { authorization: 'Basic dmlld2Vy' },
      { authorization: 'Bearer' },
      { authorization: `Bearer ${'x'.repeat(201)}` },
      { 'x-api-key': '' },
    ];
    for (const headers of without) {
      expect(await send('/viewer', headers)).toBe('KEY_MISSING');
    }
  });

  it('keeps a limited key to the detector of path and query', async () => {
    expect(await send('/scorer/tiny', withKey('scorer/tiny'))).toBe('key scorer/tiny');
    for (const url of ['/scorer/other', '/own?detector=other', '/own?detector=tiny&detector=other']) {
      expect(await send(url, withKey('scorer/tiny'))).toBe('DETECTOR_OUT_OF_SCOPE');
    }
    expect(await send('/scorer/other', withKey('scorer'))).toBe('key scorer');
  });

  it('keeps a limited key from what touches all detectors, and from one that is always touched', async () => {
    expect(await send('/all', withKey('admin/tiny'))).toBe('DETECTOR_OUT_OF_SCOPE');
    expect(await send('/all', withKey('admin'))).toBe('key admin');
    expect(await send('/url', withKey('admin/tiny'))).toBe('DETECTOR_OUT_OF_SCOPE');
    expect(await send('/url', withKey('admin/url'))).toBe('key admin/url');
  });

  it('takes everybody for an admin without a name where keys are off', async () => {
    await fastify.close();
    fastify = server(false);
    await fastify.listen({ host: '127.0.0.1', port: 0 });
    expect(await send('/all')).toBe('anonymous');
  });
});
