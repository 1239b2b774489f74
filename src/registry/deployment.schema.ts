import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { type ChallengerMode, challengerModes } from './challenger-mode.js';

export const aliases = ['champion', 'challenger'] as const;
export type Alias = (typeof aliases)[number];

export const deploymentKinds = ['promote', 'rollback', 'force', 'challenge'] as const;
export type DeploymentKind = (typeof deploymentKinds)[number];

/** One entry of the append-only ledger: who moved which alias from which version to which, when and why. */
@Schema({ collection: 'deployments', versionKey: false })
export class Deployment {
  /** `<detector>/<move>` */
  @Prop({ type: String, required: true })
  _id!: string;

  @Prop({ type: String, required: true })
  detector!: string;

  /** Number of the move, counted from 1 for each detector without a gap. */
  @Prop({ type: Number, required: true })
  move!: number;

  @Prop({ type: String, enum: aliases, required: true })
  alias!: Alias;

  @Prop({ type: String, enum: deploymentKinds, required: true })
  kind!: DeploymentKind;

  @Prop({ type: Number, default: null })
  from!: number | null;

  /** Null where there is no challenger any more; of a champion never. */
  @Prop({ type: Number, default: null })
  to!: number | null;

  /** How a challenger is tried from now on. */
  @Prop({ type: String, enum: challengerModes })
  mode?: ChallengerMode;

  /** Share of the traffic that a canary answers. */
  @Prop({ type: Number })
  share?: number;

  @Prop({ type: String, required: true })
  actor!: string;

  @Prop({ type: String, default: '' })
  reason!: string;

  @Prop({ type: Date, required: true })
  at!: Date;
}

export const DeploymentSchema = SchemaFactory.createForClass(Deployment);
DeploymentSchema.index({ detector: 1, move: -1 });
DeploymentSchema.index({ detector: 1, alias: 1, at: -1, move: -1 });
