import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { AuditService } from '../access/audit.service.js';
import { isDatabaseDown } from '../common/database-failures.js';
import { Poller } from '../common/poller.js';
import { Environment } from '../config/environment.js';
import { RetentionRunningError } from './retention.errors.js';
import type { RetentionOutcome } from './retention-outcome.schema.js';
import { RetentionService } from './retention.service.js';

/** The hour, by the machine's clock, from which a night's turn is due. */
const hour = 3;
const lookEveryMs = 600_000;

/** The name that the service acts under in audit and outcome. */
export const retentionActor = 'retention';

/** Applies the policy each night, on whichever process looks first. */
@Injectable()
export class RetentionSchedule implements BeforeApplicationShutdown {
  private readonly logger = new Logger(RetentionSchedule.name);
  /** A fresh process does not begin with deleting: the first turn comes with the next night. */
  private readonly startedAt = new Date();
  private readonly poller = new Poller(
    () => this.applyIfDue(),
    (error) => this.explain(error),
  );

  constructor(
    private readonly environment: Environment,
    private readonly retention: RetentionService,
    private readonly audit: AuditService,
  ) {}

  begin(): void {
    if (this.environment.retention) this.poller.begin(lookEveryMs);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.poller.stop();
  }

  /** Applies the policy if its time has come and nobody else has done so; never fails. */
  look(): Promise<void> {
    return this.poller.look();
  }

  private async applyIfDue(): Promise<void> {
    const last = (await this.retention.last())?.at ?? this.startedAt;
    if (last >= latestTurn(new Date())) return;
    const outcome = await this.retention.apply(retentionActor);
    this.logger.log(summaryOf(outcome));
    await this.audit.record(retentionActor, 'POST', '/v1/admin/retention', 200);
  }

  private explain(error: unknown): void {
    if (error instanceof RetentionRunningError || isDatabaseDown(error)) this.logger.debug(error);
    else this.logger.error(error, 'the retention policy could not be applied');
  }
}

/** The last moment, before now, at which a turn was due. */
function latestTurn(now: Date): Date {
  const turn = new Date(now);
  turn.setHours(hour, 0, 0, 0);
  if (turn > now) turn.setDate(turn.getDate() - 1);
  return turn;
}

function summaryOf({ detectors }: RetentionOutcome): string {
  const sum = (kind: 'versions' | 'runs' | 'predictions'): number =>
    detectors.reduce((total, detector) => total + detector[kind].count, 0);
  return `retention deleted ${sum('versions')} versions' bundles, ${sum('runs')} runs, ${sum('predictions')} predictions`;
}
