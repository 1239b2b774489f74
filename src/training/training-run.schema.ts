import { Prop, raw, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Schema as MongooseSchema } from 'mongoose';
import type { ValidationReport } from '../validation/validation-report.js';
import type { Evaluation } from './stages/evaluate.task.js';
import type { GateReport } from './stages/gate.service.js';
import type { CandidateResult } from './stages/trainer.service.js';

const { Mixed } = MongooseSchema.Types;

export const runStatuses = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type RunStatus = (typeof runStatuses)[number];

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

export const promotionPolicies = ['gate', 'never', 'force'] as const;
export type PromotionPolicy = (typeof promotionPolicies)[number];

export interface Stage {
  name: StageName;
  status: (typeof stageStatuses)[number];
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
}

/** What an evaluation leaves in the run: all but the parts that go into the bundle only. */
export type RunEvaluation = Pick<Evaluation, 'thresholds' | 'policies' | 'validation' | 'test' | 'curves'>;

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

  @Prop(raw({ candidates: [String], seed: Number, promote: { type: String, enum: promotionPolicies } }))
  options!: RunOptions;

  @Prop({ type: Mixed, required: true })
  stages!: Stage[];

  @Prop({ type: String, default: null })
  fingerprint!: string | null;

  @Prop({ type: Mixed, default: null })
  validation!: ValidationReport | null;

  @Prop({ type: Mixed, default: [] })
  candidates!: CandidateResult[];

  @Prop({ type: Mixed, default: null })
  evaluation!: RunEvaluation | null;

  @Prop({ type: Mixed, default: null })
  gate!: GateReport | null;

  /** The model version that it made. */
  @Prop({ type: Number, default: null })
  version!: number | null;

  @Prop({ type: Boolean, default: false })
  promoted!: boolean;

  @Prop({ type: Mixed, default: null })
  failure!: { code: string; message: string; stage: StageName | null } | null;

  @Prop({ type: Boolean, default: false })
  cancelRequested!: boolean;

  @Prop({ type: Date, required: true })
  createdAt!: Date;

  @Prop({ type: Date, default: null })
  startedAt!: Date | null;

  @Prop({ type: Date, default: null })
  finishedAt!: Date | null;

  /** Last sign of life of the process that has the run. */
  @Prop({ type: Date, required: true })
  heartbeatAt!: Date;
}

export const TrainingRunSchema = SchemaFactory.createForClass(TrainingRun);
TrainingRunSchema.index({ detector: 1, createdAt: -1 });
TrainingRunSchema.index({ status: 1, heartbeatAt: 1 });

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
    options,
    stages: stageNames.map((name) => ({
      name,
      status: 'pending',
      progress: 0,
      summary: '',
      startedAt: null,
      durationMs: null,
    })),
    fingerprint: null,
    validation: null,
    candidates: [],
    evaluation: null,
    gate: null,
    version: null,
    promoted: false,
    failure: null,
    cancelRequested: false,
    createdAt: now,
    startedAt: null,
    finishedAt: null,
    heartbeatAt: now,
  };
}
