import { Prop, raw, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Schema as MongooseSchema } from 'mongoose';
import type { SearchOptions } from '../detector/candidate.js';
import type { Intervals } from '../ml/bootstrap.js';
import type { Lineage } from '../registry/model-version.schema.js';
import type { Reservation } from '../registry/version-maker.service.js';
import type { CandidateDto, SearchReportDto } from './candidate.dto.js';
import type { EvaluationDto, GateReportDto } from './evaluation.dto.js';
import type { ValidationReport } from '../validation/validation-report.js';

const { Mixed } = MongooseSchema.Types;

export const runStatuses = ['queued', 'running', 'succeeded', 'failed', 'cancelled', 'skipped'] as const;
export type RunStatus = (typeof runStatuses)[number];
/** The statuses of a run that has not ended. */
export const openStatuses = ['queued', 'running'] as const satisfies readonly RunStatus[];
/** The statuses of a run that will not change any more. */
export const endedStatuses = [
  'succeeded',
  'failed',
  'cancelled',
  'skipped',
] as const satisfies readonly RunStatus[];

export const stageNames = [
  'ingestion',
  'validation',
  'transformation',
  'training',
  'evaluation',
  'registration',
] as const;
export type StageName = (typeof stageNames)[number];

export const stageStatuses = ['pending', 'running', 'succeeded', 'failed'] as const;
export type StageStatus = (typeof stageStatuses)[number];

export const triggerKinds = ['manual', 'cron', 'records', 'drift'] as const;
/** Why a run was started. */
export interface RunTrigger {
  /** `manual`: someone asked for it; else the schedule did, at a time, for new records or for drift. */
  readonly kind: (typeof triggerKinds)[number];
  /** The slot or what was found; empty where someone asked. */
  readonly detail: string;
}

export const promotionPolicies = ['gate', 'never', 'force'] as const;
export type PromotionPolicy = (typeof promotionPolicies)[number];

export interface Stage {
  name: StageName;
  status: StageStatus;
  /** Share done, 0 to 1. */
  progress: number;
  /** One line of what it found. */
  summary: string;
  startedAt: Date | null;
  durationMs: number | null;
}

export interface RunOptions {
  /** Names of the candidates tried. */
  readonly candidates: readonly string[];
  readonly seed: number;
  readonly promote: PromotionPolicy;
  readonly search: SearchOptions;
  /** Whether the run is skipped where neither data nor contract nor code changed since the last version. */
  readonly unlessUnchanged: boolean;
}

/**
 * The version that a run makes, from the moment at which its number and its bundle are settled. A worker that takes the
 * run up afterwards completes this version and never makes a second one.
 */
export interface ReservedVersion extends Reservation {
  readonly intervals: Intervals;
  readonly lineage: Lineage;
  /** Of the winner on the whole training part. */
  readonly fitMs: number;
}

/** What ended a run; `stage` is the one that was running. */
export interface RunFailure {
  readonly code: string;
  readonly message: string;
  readonly stage: StageName | null;
}

export const mirrorStates = ['pending', 'delivered', 'dead'] as const;
/** Of a run's copy on a tracking server: whether it was delivered, the page that shows it, what stood in the way. */
export interface RunMirrorState {
  readonly state: (typeof mirrorStates)[number];
  readonly url: string | null;
  readonly error: string | null;
}

/** One execution of the pipeline. */
@Schema({ collection: 'training_runs', versionKey: false, minimize: false })
export class TrainingRun {
  @Prop({ type: String, required: true })
  _id!: string;

  @Prop({ type: String, required: true })
  detector!: string;

  @Prop({ type: String, enum: runStatuses, required: true })
  status!: RunStatus;

  /** Who started it. */
  @Prop({ type: String, required: true })
  actor!: string;

  @Prop(raw({ kind: { type: String, enum: triggerKinds }, detail: String }))
  trigger!: RunTrigger;

  @Prop(
    raw({
      candidates: [String],
      seed: Number,
      promote: { type: String, enum: promotionPolicies },
      search: Mixed,
      unlessUnchanged: Boolean,
    }),
  )
  options!: RunOptions;

  @Prop({ type: Mixed, required: true })
  stages!: Stage[];

  @Prop({ type: String, default: null })
  fingerprint!: string | null;

  @Prop({ type: Mixed, default: null })
  validation!: ValidationReport | null;

  @Prop({ type: Mixed, default: [] })
  candidates!: CandidateDto[];

  /** What the search of options took. */
  @Prop({ type: Mixed, default: null })
  search!: SearchReportDto | null;

  @Prop({ type: Mixed, default: null })
  evaluation!: EvaluationDto | null;

  @Prop({ type: Mixed, default: null })
  gate!: GateReportDto | null;

  /** The model version that it made. */
  @Prop({ type: Number, default: null })
  version!: number | null;

  @Prop({ type: Boolean, default: false })
  promoted!: boolean;

  @Prop({ type: Mixed, default: null })
  failure!: RunFailure | null;

  /** Why it was skipped, or is queued again. */
  @Prop({ type: String, default: null })
  reason!: string | null;

  @Prop({ type: Boolean, default: false })
  cancelRequested!: boolean;

  /** How often a worker has begun it. */
  @Prop({ type: Number, default: 0 })
  attempts!: number;

  /** The process that works on it, or was the last to. */
  @Prop({ type: String, default: null })
  worker!: string | null;

  /** The fencing token of the worker's lease: a write that carries another one changes nothing. */
  @Prop({ type: Number, default: 0 })
  fence!: number;

  @Prop({ type: Mixed, default: null })
  reserved!: ReservedVersion | null;

  /** How its mirror on a tracking server does; absent where there is none. */
  @Prop({ type: Mixed })
  mirror?: RunMirrorState;

  /** Number of its last event. */
  @Prop({ type: Number, default: 0 })
  events!: number;

  /** sha256 of the request, where that came with an idempotency key. */
  @Prop({ type: String, default: null })
  requestSha256!: string | null;

  @Prop({ type: Date, required: true })
  createdAt!: Date;

  @Prop({ type: Date, default: null })
  startedAt!: Date | null;

  @Prop({ type: Date, default: null })
  finishedAt!: Date | null;
}

export const TrainingRunSchema = SchemaFactory.createForClass(TrainingRun);
TrainingRunSchema.index({ detector: 1, createdAt: -1 });
TrainingRunSchema.index({ status: 1, createdAt: 1 });
TrainingRunSchema.index({ 'mirror.state': 1, status: 1, finishedAt: 1 });

/** A run without the parts that only its own page shows. */
export type RunSummary = Omit<TrainingRun, 'validation' | 'candidates' | 'evaluation' | 'gate' | 'reserved'>;

/** Whether it will not change any more. */
export function hasEnded({ status }: Pick<TrainingRun, 'status'>): boolean {
  return status !== 'queued' && status !== 'running';
}

/** The stages before anything has happened. */
export function pendingStages(): Stage[] {
  return stageNames.map((name) => ({
    name,
    status: 'pending',
    progress: 0,
    summary: '',
    startedAt: null,
    durationMs: null,
  }));
}

/** A run before anything has happened. */
export function queuedRun(
  id: string,
  detector: string,
  actor: string,
  options: RunOptions,
  now = new Date(),
): TrainingRun {
  return {
    _id: id,
    detector,
    status: 'queued',
    actor,
    trigger: { kind: 'manual', detail: '' },
    options,
    stages: pendingStages(),
    fingerprint: null,
    validation: null,
    candidates: [],
    search: null,
    evaluation: null,
    gate: null,
    version: null,
    promoted: false,
    failure: null,
    reason: null,
    cancelRequested: false,
    attempts: 0,
    worker: null,
    fence: 0,
    reserved: null,
    events: 0,
    requestSha256: null,
    createdAt: now,
    startedAt: null,
    finishedAt: null,
  };
}
