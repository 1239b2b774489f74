import { Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuditEvent } from './audit-event.schema.js';
import type { AuditRepository } from './audit.repository.js';
import { AuditService } from './audit.service.js';
import { rememberCaller } from './caller.js';

describe('the audit', () => {
  let events: AuditEvent[];
  let add: (event: AuditEvent) => Promise<void>;
  let logged: string[];
  let audit: AuditService;

  const note = (method: string, url: string, statusCode: number, actor?: string): void => {
    const request = {
      method,
      originalUrl: url,
      id: 'r',
      routeOptions: { url: url.split('?')[0] },
    } as FastifyRequest;
    if (actor !== undefined)
      rememberCaller(request, { actor: `key ${actor}`, key: actor, role: 'admin', detectors: null });
    audit.note(request, { statusCode } as FastifyReply);
  };

  beforeEach(() => {
    events = [];
    logged = [];
    add = (event) => Promise.resolve(void events.push(event));
    const keep = (_: unknown, text: string): unknown => logged.push(text);
    Logger.overrideLogger({ log: keep, warn: (text: string) => logged.push(text), error: keep });
    audit = new AuditService({ add: (event: AuditEvent) => add(event) } as unknown as AuditRepository);
  });

  afterAll(() => Logger.overrideLogger(['log', 'warn', 'error']));

  it('keeps who changed what, without the query and without keys', () => {
    note('POST', '/v1/data/tiny?key=x', 200, 'a');
    note('DELETE', '/v1/admin/keys/nw_0123456789ab_abc', 404, 'a');
    expect(events).toEqual([
      expect.objectContaining({
        actor: 'key a',
        key: 'a',
        method: 'POST',
        path: '/v1/data/tiny',
        status: 200,
      }),
      expect.objectContaining({ method: 'DELETE', path: '/v1/admin/keys/nw_0123456789ab_***', status: 404 }),
    ]);
  });

  it('keeps refusals of whatever was asked for, and leaves reading and scoring out', () => {
    note('GET', '/v1/training-runs', 200, 'a');
    note('POST', '/v1/score/tiny', 200, 'a');
    note('POST', '/v1/score/tiny/file', 400, 'a');
    expect(events).toEqual([]);
    note('GET', '/v1/training-runs', 401);
    note('POST', '/v1/score/tiny', 403, 'a');
    expect(events.map(({ actor, status }) => [actor, status])).toEqual([
      ['nobody', 401],
      ['key a', 403],
    ]);
  });

  it('leaves out what no route answered', () => {
    const request = { method: 'POST', originalUrl: '/x', id: 'r', routeOptions: {} } as FastifyRequest;
    audit.note(request, { statusCode: 404 } as FastifyReply);
    expect(events).toEqual([]);
  });

  it('keeps twenty refusals of strangers a second, and all of known keys', () => {
    for (let i = 0; i < 50; i++) note('GET', '/v1/training-runs', 401);
    for (let i = 0; i < 30; i++) note('GET', '/v1/training-runs', 403, 'a');
    const strangers = events.filter(({ actor }) => actor === 'nobody').length;
    // Fifty within one second, or split between two.
    expect(strangers).toBeGreaterThanOrEqual(20);
    expect(strangers).toBeLessThanOrEqual(40);
    expect(events.length - strangers).toBe(30);
    expect(logged[0]).toContain('does not keep them all');
  });

  it('says in the log what it could not keep, and ends when all is written', async () => {
    let end!: () => void;
    add = () => new Promise((_, reject) => (end = () => reject(new Error('away'))));
    note('POST', '/v1/data/tiny', 200, 'a');
    const ended = audit.onApplicationShutdown();
    end();
    await ended;
    expect(logged).toEqual(['an event is missing in the audit']);
  });
});
