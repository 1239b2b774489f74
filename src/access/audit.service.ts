import { randomUUID } from 'node:crypto';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Page, PageQuery } from '../common/page.js';
import { redactSecrets } from '../common/redact.js';
import type { AuditEvent } from './audit-event.schema.js';
import { AuditRepository } from './audit.repository.js';
import { callerOf } from './caller.js';

/** More refusals of strangers in a second are not kept, so that guessing keys does not fill the database. */
const strangersASecond = 20;
const longestPath = 500;

/** Keeps who changed what, and who was refused. */
@Injectable()
export class AuditService implements OnApplicationShutdown {
  private readonly logger = new Logger(AuditService.name);
  private readonly writing = new Set<Promise<void>>();
  private strangers = { second: 0, count: 0 };

  constructor(private readonly events: AuditRepository) {}

  /** Notes an answered request, if it belongs into the audit; never fails and keeps nobody waiting. */
  note(request: FastifyRequest, reply: FastifyReply): void {
    if (!belongs(request, reply)) return;
    const caller = callerOf(request);
    if (!caller && this.isFlood()) return;
    const event: AuditEvent = {
      _id: randomUUID(),
      at: new Date(),
      actor: caller?.actor ?? 'nobody',
      key: caller?.key ?? null,
      method: request.method,
      path: redactSecrets(request.originalUrl.split('?')[0]).slice(0, longestPath),
      status: reply.statusCode,
      requestId: request.id,
    };
    const write = this.events
      .add(event)
      .catch((err: unknown) => this.logger.error({ event, err }, 'an event is missing in the audit'))
      .finally(() => this.writing.delete(write));
    this.writing.add(write);
  }

  /** Notes what the service or a command did by itself as the request that does the same. */
  async record(actor: string, method: string, path: string, status: number): Promise<void> {
    const [_id, requestId] = [randomUUID(), randomUUID()];
    await this.events.add({ _id, at: new Date(), actor, key: null, method, path, status, requestId });
  }

  /** Newest first. */
  list(query: PageQuery & { actor?: string }): Promise<Page<AuditEvent>> {
    return this.events.list(query);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.writing);
  }

  private isFlood(): boolean {
    const second = Math.floor(Date.now() / 1000);
    if (second !== this.strangers.second) this.strangers = { second, count: 0 };
    if (++this.strangers.count === strangersASecond + 1) {
      this.logger.warn('so many requests without a valid API key that the audit does not keep them all');
    }
    return this.strangers.count > strangersASecond;
  }
}

/** Reading and scoring change nothing and would drown the rest; refusals of them count all the same. */
function belongs({ method, routeOptions: { url } }: FastifyRequest, { statusCode }: FastifyReply): boolean {
  if (statusCode === 401 || statusCode === 403) return true;
  return !['GET', 'HEAD', 'OPTIONS'].includes(method) && url !== undefined && !url.startsWith('/v1/score');
}
