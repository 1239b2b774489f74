import { randomUUID } from 'node:crypto';
import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Page, PageQuery } from '../common/page.dto.js';
import { redactSecrets } from '../common/redact.js';
import { type WithId, withId } from '../common/with-id.js';
import type { AuditEvent } from './audit-event.schema.js';
import { AuditRepository } from './audit.repository.js';
import { callerOf } from './caller.js';
import { RefusalTally } from './refusal-tally.js';

const longestPath = 500;
/** Refusals that recur are written this much later. */
const flushAfterMs = 3000;

/** Keeps who changed what, and who was refused. */
@Injectable()
export class AuditService implements BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger = new Logger(AuditService.name);
  private readonly writing = new Set<Promise<void>>();
  private readonly refusals = new RefusalTally((event) => this.events.addTo(event));
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly events: AuditRepository) {}

  /** Notes an answered request, if it belongs into the audit; never fails and keeps nobody waiting. */
  note(request: FastifyRequest, reply: FastifyReply): void {
    if (isRefusal(reply)) this.noteRefusal(request, reply);
    else if (changes(request)) {
      const event = eventOf(request, reply, new Date());
      this.watch(this.events.add(event), event);
    }
  }

  /** Notes what the service or a command did by itself as the request that does the same. */
  async record(actor: string, method: string, path: string, status: number): Promise<void> {
    const [_id, requestId] = [randomUUID(), randomUUID()];
    const shown = path.slice(0, longestPath);
    await this.events.add({ _id, at: new Date(), actor, key: null, method, path: shown, status, requestId });
  }

  /** Newest first. */
  async list(query: PageQuery & { actor?: string }): Promise<Page<WithId<AuditEvent>>> {
    const page = await this.events.list(query);
    return { ...page, items: page.items.map(withId) };
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.finish();
  }

  /** For what was refused while the server closed. */
  onApplicationShutdown(): Promise<void> {
    return this.finish();
  }

  private noteRefusal(request: FastifyRequest, reply: FastifyReply): void {
    const now = new Date();
    const kind = [callerOf(request)?.key, request.method, request.routeOptions.url, reply.statusCode].join(
      ' ',
    );
    const first = this.refusals.note(kind, () => eventOf(request, reply, now), now);
    if (first) this.watch(first, { kind });
    else this.timer ??= setTimeout(() => this.flush(), flushAfterMs).unref();
  }

  private flush(): void {
    this.timer = undefined;
    this.watch(this.refusals.flush());
  }

  private async finish(): Promise<void> {
    clearTimeout(this.timer);
    if (!this.refusals.isWritten) this.flush();
    await Promise.all(this.writing);
  }

  private watch(writing: Promise<void>, what?: object): void {
    const write = writing
      .catch((err: unknown) => this.logger.error({ ...what, err }, 'an event is missing in the audit'))
      .finally(() => this.writing.delete(write));
    this.writing.add(write);
  }
}

function isRefusal({ statusCode }: FastifyReply): boolean {
  return statusCode === 401 || statusCode === 403;
}

/** Reading and scoring change nothing and would drown the rest. */
function changes({ method, routeOptions: { url } }: FastifyRequest): boolean {
  return !['GET', 'HEAD', 'OPTIONS'].includes(method) && url !== undefined && !url.startsWith('/v1/score');
}

function eventOf(request: FastifyRequest, { statusCode: status }: FastifyReply, at: Date): AuditEvent {
  const caller = callerOf(request);
  return {
    _id: randomUUID(),
    at,
    actor: caller?.actor ?? 'nobody',
    key: caller?.key ?? null,
    method: request.method,
    path: redactSecrets(request.originalUrl.split('?')[0]).slice(0, longestPath),
    status,
    requestId: request.id,
  };
}
