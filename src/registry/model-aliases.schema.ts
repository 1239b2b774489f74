import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { type ChallengerMode, challengerModes } from './challenger-mode.js';
import { type Alias, aliases, type Deployment, DeploymentSchema } from './deployment.schema.js';

/**
 * A detector's aliases and counters in one document, so that one compare-and-set moves an alias and writes
 * the ledger's next entry (`lastMove`) in the same step; the ledger takes its copy from here.
 */
@Schema({ collection: 'model_aliases', versionKey: false })
export class ModelAliases {
  /** The detector. */
  @Prop({ type: String, required: true })
  _id!: string;

  @Prop({ type: Number, default: null })
  champion!: number | null;

  @Prop({ type: Number, default: null })
  challenger!: number | null;

  @Prop({ type: String, enum: challengerModes, default: 'none' })
  challengerMode!: ChallengerMode;

  /** Share of the traffic that a canary answers, above 0 and at most 1; 0 in the other modes. */
  @Prop({ type: Number, default: 0 })
  canaryShare!: number;

  /** Highest version number ever given out; numbers are never reused. */
  @Prop({ type: Number, default: 0 })
  lastVersion!: number;

  /** Moves so far. */
  @Prop({ type: Number, default: 0 })
  moves!: number;

  /** Highest token of a worker that has taken over the detector's runs; what an earlier one sends is refused. */
  @Prop({ type: Number, default: 0 })
  fence!: number;

  /** Rises whenever versions are about to be pruned: a move that was worked out before is worked out again. */
  @Prop({ type: Number, default: 0 })
  prunings!: number;

  @Prop({ type: DeploymentSchema, default: null, excludeIndexes: true })
  lastMove!: Deployment | null;
}

export const ModelAliasesSchema = SchemaFactory.createForClass(ModelAliases);

/** The aliases that point to a version. */
export function aliasesOf(
  { version }: { readonly version: number },
  state: Pick<ModelAliases, Alias>,
): Alias[] {
  return aliases.filter((alias) => state[alias] === version);
}
