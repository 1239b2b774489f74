import { Injectable } from '@nestjs/common';
import { ConnectionCheckService } from '../../database/connection-check.service.js';
import { failureText } from '../../database/database.errors.js';
import { MongoServer } from '../../database/mongo-server.js';
import { ServingService } from '../../prediction/serving.service.js';
import { ShadowService } from '../../prediction/shadow.service.js';
import type { DatabaseStateDto, ModelStateDto, ReadinessDto } from './health.dto.js';

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

  /** Down when the database is, or when a champion is refused and nothing serves in its place. */
  async readiness(): Promise<ReadinessDto> {
    const database = await this.database();
    const models = this.models();
    const lacking = models.some(({ champion, serving }) => champion !== null && serving === null);
    return { status: database.status === 'up' && !lacking ? 'up' : 'down', database, models };
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
