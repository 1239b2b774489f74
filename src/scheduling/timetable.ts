import { createHash } from 'node:crypto';
import { Cron } from 'croner';
import { cronOptions } from '../detector/retraining.js';

/**
 * The slots of a cron expression: moments, so that a local time which comes twice in an autumn night is one slot, and
 * one that a spring night leaves out comes with the change of the clocks. Each slot lies behind the one before.
 */
export class Timetable {
  private readonly cron: Cron;

  /** @throws what croner throws at an expression that it cannot read */
  constructor(expression: string, timeZone: string) {
    this.cron = new Cron(expression, { ...cronOptions, timezone: timeZone });
  }

  /**
   * The first slot behind a moment.
   * @throws RangeError where there is none, or where the library gives one that is not behind the moment
   */
  next(moment: Date): Date {
    const slot = this.cron.nextRun(moment);
    if (slot !== null && slot > moment) return slot;
    throw new RangeError(`there is no slot behind ${moment.toISOString()}, but ${slot?.toISOString()}`);
  }

  /** The last slot behind `from` that is not behind `until`; null when there is none. */
  latest(from: Date, until: Date): Date | null {
    let latest: Date | null = null;
    for (let slot = this.next(from); slot <= until; slot = this.next(slot)) latest = slot;
    return latest;
  }
}

/** More than the longest local day. */
const longestDayMs = 26 * 3_600_000;

/** When the local day of a moment began. */
export function dayStart(moment: Date, timeZone: string): Date {
  const before = new Date(moment.getTime() - longestDayMs);
  return new Timetable('0 0 * * *', timeZone).latest(before, moment)!;
}

/** When the next local day begins. */
export function nextDay(moment: Date, timeZone: string): Date {
  return new Timetable('0 0 * * *', timeZone).next(moment);
}

/**
 * How long after its slot a run begins, in milliseconds, below `seconds` * 1000. It follows from detector and slot:
 * every process waits equally long, and other detectors wait differently.
 */
export function jitterMs(detector: string, slot: Date, seconds: number): number {
  const digest = createHash('sha256').update(`${detector}/${slot.toISOString()}`).digest();
  return Math.floor((digest.readUInt32BE() / 2 ** 32) * seconds * 1000);
}
