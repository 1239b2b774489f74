import { Cron } from 'croner';
import { z } from 'zod';
import { toError } from '../common/errors.js';

/**
 * When a detector is trained again without anyone asking: at the times of a cron expression, when enough records have
 * come, when the data has drifted. What is left out never happens.
 */
export const retrainingSchema = z
  .strictObject({
    /** Minute, hour, day of month, month, day of week; with six fields the first one is the second. */
    cron: z.string().nullable().default(null),
    /** IANA name of the zone in which the expression and the budget's days are read. */
    timeZone: z.string().default('UTC').refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin'),
    /** Runs begin up to so many seconds after their slot, so that detectors with the same slot do not crowd. */
    jitterSeconds: z.number().int().min(0).max(3600).default(0),
    promote: z.enum(['gate', 'never']).default('gate'),
    /** Retrain when so many records are new. */
    newRecords: z.number().int().min(1).nullable().default(null),
    /** Retrain when so large a share of the features has drifted. */
    drift: z.number().gt(0).max(1).nullable().default(null),
    /** Records and drift start nothing for so long after a run has ended. */
    coolDownMinutes: z.number().min(0).max(10_080).default(60),
    /** Runs that the schedule starts a day at most; those that found nothing to do are not counted. */
    dailyBudget: z.number().int().min(1).max(1440).default(4),
  })
  .superRefine(({ cron }, context) => {
    const fault = cron === null ? null : faultOfCron(cron);
    if (fault !== null) context.addIssue({ code: 'custom', path: ['cron'], message: fault });
  });

/** How expressions are read: without a year, so that there is always another slot; nothing runs by itself. */
export const cronOptions = { mode: '5-or-6-parts', paused: true } as const;

export type Retraining = z.infer<typeof retrainingSchema>;

function isTimeZone(name: string): boolean {
  // The default is spared the making of a formatter with each contract that is read.
  if (name === 'UTC') return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    // Offsets such as +02:00, which newer engines take too, know no summer time.
    return !/^[+-]/.test(name);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function faultOfCron(text: string): string | null {
  const fields = text.trim().split(/\s+/).length;
  if (!text.startsWith('@') && fields !== 5 && fields !== 6) {
    return 'is no cron expression: it has five fields, or six with the seconds first';
  }
  try {
    const next = new Cron(text, { ...cronOptions, timezone: 'UTC' }).nextRun();
    return next === null ? 'names a time that never comes' : null;
  } catch (error) {
    return `is no cron expression: ${toError(error).message.replace('CronPattern: ', '')}`;
  }
}
