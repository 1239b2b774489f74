import { Injectable } from '@nestjs/common';
import { ConnectionCheckService } from '../../database/connection-check.service.js';
import { failureText } from '../../database/database.errors.js';
import { MongoServer } from '../../database/mongo-server.js';
import { ServingService } from '../../prediction/serving.service.js';
import { ShadowService } from '../../prediction/shadow.service.js';
import type { DatabaseStateDto, ModelStateDto, Readiness, ReadinessDto } from './health.dto.js';

/** A database that does not answer within this time is down. */
const patienceMs = 3000;

@Injectable()
export class HealthService {
  constructor(
    private readonly server: MongoServer,
    private readonly connection: ConnectionCheckService,
    private readonly serving: ServingService,
    private readonly shadow: ShadowService,
  ) {}

  /** What a balancer needs to know: a process that can score with what it has loaded is not to be taken away. */
  async readiness(): Promise<ReadinessDto> {
    const database = await this.database();
    const models = this.models();
    return { status: statusOf(database, models), database, models };
  }

  private models(): ModelStateDto[] {
    return this.serving.states().map(({ challenger, ...state }) => ({
      ...state,
      challenger: challenger && { ...challenger, leftOut: this.shadow.leftOut(state.detector) },
    }));
  }

  private async database(): Promise<DatabaseStateDto> {
    const link = this.server.description;
    try {
      const { serverVersion, latencyMs, writable, writeError, collections } = await within(
        patienceMs,
        this.connection.check(),
      );
      const state = { link, serverVersion, latencyMs, writable, collections: [...collections] as never[] };
      return writable ? { status: 'up', ...state } : { status: 'down', problem: writeError, ...state };
    } catch (error) {
      return { status: 'down', link, problem: failureText(error, this.server.uri) };
    }
  }
}

function statusOf(database: DatabaseStateDto, models: readonly ModelStateDto[]): Readiness {
  const isLacking = models.some(({ champion, serving }) => champion !== null && serving === null);
  if (database.status === 'up' && !isLacking) return 'up';
  return models.some(({ serving }) => serving !== null) ? 'degraded' : 'down';
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the database did not answer within ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
