import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Schema as MongooseSchema } from 'mongoose';
import type { ProgressEventDto, StageEventDto, StatusEventDto } from './run.dto.js';
import type { Stage, TrainingRun } from './training-run.schema.js';

export const runEventTypes = ['status', 'stage', 'progress'] as const;
export type RunEventType = (typeof runEventTypes)[number];

/** What an event of a run says. */
export interface RunEventBody {
  readonly type: RunEventType;
  readonly data: object;
}

const keptSeconds = 7 * 24 * 3600;

/** One event of a run, for those who watch it from any process. */
@Schema({ collection: 'run_events', versionKey: false })
export class RunEvent implements RunEventBody {
  @Prop({ type: String, required: true })
  run!: string;

  /** Rises with each event of the run; some numbers may be missing. */
  @Prop({ type: Number, required: true })
  seq!: number;

  @Prop({ type: String, enum: runEventTypes, required: true })
  type!: RunEventType;

  @Prop({ type: MongooseSchema.Types.Mixed, required: true })
  data!: object;

  @Prop({ type: Date, required: true })
  at!: Date;
}

export const RunEventSchema = SchemaFactory.createForClass(RunEvent);
RunEventSchema.index({ run: 1, seq: 1 }, { unique: true });
RunEventSchema.index({ at: 1 }, { expireAfterSeconds: keptSeconds });

type Standing = Pick<TrainingRun, 'status' | 'reason' | 'attempts' | 'version' | 'promoted' | 'failure'>;

/** Written when a run's status changes; a run's last event has its outcome. */
export function statusEvent({
  status,
  reason,
  attempts,
  version,
  promoted,
  failure,
}: Standing): RunEventBody {
  const data: Omit<StatusEventDto, 'at'> = { status, reason, attempts, version, promoted, failure };
  return { type: 'status', data };
}

/** Written when a stage begins or ends. */
export function stageEvent({ name, status, summary, durationMs }: Stage): RunEventBody {
  const data: Omit<StageEventDto, 'at'> = { stage: name, status, summary, durationMs };
  return { type: 'stage', data };
}

export function progressEvent({ name, progress }: Stage): RunEventBody {
  const data: Omit<ProgressEventDto, 'at'> = { stage: name, progress };
  return { type: 'progress', data };
}
