import { runIdOf } from '../runs/run-identity.js';

/** Who starts the runs that nobody asked for. */
export const scheduleActor = 'schedule';

/** Of a slot: whichever process starts its run, and however often, it is one run. */
export function slotKey(detector: string, slot: Date): string {
  return `cron/${detector}/${slot.toISOString()}`;
}

/**
 * Of what a trigger has found: the same records since the same moment start one run, also where that did not come to
 * a good end. Only more records, or a later night, try again.
 */
export function triggerKey(kind: string, detector: string, since: Date, newRecords: number): string {
  return `${kind}/${detector}/${since.toISOString()}/${newRecords}`;
}

/** The id of the run that the schedule starts with a key. */
export function scheduledRunId(key: string): string {
  return runIdOf(scheduleActor, key);
}
