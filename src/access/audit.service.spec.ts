import { Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuditEvent } from './audit-event.schema.js';
import type { AuditRepository } from './audit.repository.js';
import { AuditService } from './audit.service.js';
import { rememberCaller } from './caller.js';
import type { CountedEvent } from './refusal-tally.js';

describe('the audit', () => {
  let events: AuditEvent[];
  let writes: number;
  let add: (event: AuditEvent) => Promise<void>;
  let logged: string[];
  let audit: AuditService;

  const note = (method: string, url: string, statusCode: number, actor?: string): void => {
    const request = {
      method,
      originalUrl: url,
      id: 'r',
      routeOptions: { url: url.split('?')[0].replace(/\/\d+$/, '/:id') },
    } as FastifyRequest;
    if (actor !== undefined)
      rememberCaller(request, { actor: `key ${actor}`, key: actor, role: 'admin', detectors: null });
    audit.note(request, { statusCode } as FastifyReply);
  };

  beforeEach(() => {
    events = [];
    writes = 0;
    logged = [];
    add = (event) => Promise.resolve(void events.push(event));
    const keep = (_: unknown, text: string): unknown => logged.push(text);
    Logger.overrideLogger({ log: keep, warn: (text: string) => logged.push(text), error: keep });
    const addTo = ({ count, ...event }: CountedEvent): Promise<void> => {
      writes++;
      const known = events.find(({ _id }) => _id === event._id);
      if (known) Object.assign(known, { count: known.count! + count, lastAt: event.lastAt });
      else events.push({ ...event, count });
      return Promise.resolve();
    };
    const repository = { add: (event: AuditEvent) => add(event), addTo };
    audit = new AuditService(repository as unknown as AuditRepository);
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

  it('keeps refusals of whatever was asked for, and leaves reading and scoring out', async () => {
    note('GET', '/v1/training-runs', 200, 'a');
    note('POST', '/v1/score/tiny', 200, 'a');
    note('POST', '/v1/score/tiny/file', 400, 'a');
    expect(events).toEqual([]);
    note('GET', '/v1/training-runs', 401);
    note('POST', '/v1/score/tiny', 403, 'a');
    await audit.onApplicationShutdown();
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

  it('counts refusals that recur within a minute instead of keeping each, of strangers and of known keys', async () => {
    for (let i = 0; i < 10_000; i++) {
      note('GET', `/v1/training-runs/${i}`, 401);
      note('GET', '/v1/training-runs', 403, 'a');
    }
    note('POST', '/v1/training-runs', 403, 'a');
    note('GET', '/v1/training-runs', 403, 'b');
    await audit.beforeApplicationShutdown();
    expect(events.map(({ actor, method, status, count }) => [actor, method, status, count])).toEqual([
      ['nobody', 'GET', 401, 10_000],
      ['key a', 'GET', 403, 10_000],
      ['key a', 'POST', 403, 1],
      ['key b', 'GET', 403, 1],
    ]);
    expect(writes).toBeLessThanOrEqual(6);
    expect(events[0]).toMatchObject({ path: '/v1/training-runs/0', requestId: 'r' });
    expect(events[0].lastAt!.getTime()).toBeGreaterThanOrEqual(events[0].at.getTime());
  });

  it('cuts what it keeps of a path', () => {
    note('POST', `/v1/data/${'x'.repeat(10_000)}`, 404, 'a');
    expect(events[0].path).toHaveLength(500);
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
