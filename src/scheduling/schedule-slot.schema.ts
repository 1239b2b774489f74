import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

/** What was decided on one slot of a detector. The first process that comes decides, the others abide by it. */
@Schema({ collection: 'schedule_slots', versionKey: false })
export class ScheduleSlot {
  /** `<detector>/<slot>` */
  @Prop({ type: String, required: true })
  _id!: string;

  @Prop({ type: String, required: true })
  detector!: string;

  @Prop({ type: Date, required: true })
  at!: Date;

  /** The run that it starts; null where it was skipped. */
  @Prop({ type: String, default: null })
  run!: string | null;

  /** Why it was skipped. */
  @Prop({ type: String, default: null })
  reason!: string | null;
}

export const ScheduleSlotSchema = SchemaFactory.createForClass(ScheduleSlot);
ScheduleSlotSchema.index({ detector: 1, at: -1 });
/** Kept for a quarter. */
ScheduleSlotSchema.index({ at: 1 }, { expireAfterSeconds: 90 * 86_400 });
