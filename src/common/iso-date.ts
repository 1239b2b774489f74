import { applyDecorators } from '@nestjs/common';
import { Transform, type TransformFnParams } from 'class-transformer';
import { IsDate } from 'class-validator';

/** Shown to those who send something else. */
const example = '2030-01-31T12:00:00Z';

const pattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,9}))?)?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?)?$/;

/**
 * A moment of ISO 8601: a date (its midnight) or a date and time, in UTC where no zone is named. What JavaScript's
 * Date makes of other texts, or of numbers, is a guess: `4` would be April 2001.
 * @returns null for whatever else, days that do not exist among it
 */
export function parseIsoDate(text: string): Date | null {
  const parts = pattern.exec(text);
  if (!parts) return null;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = parts;
  const midnight = new Date(`${year}-${month}-${day}T00:00:00Z`);
  // The 31st of a short month would be taken for the 1st of the next.
  if (Number.isNaN(midnight.getTime()) || midnight.getUTCDate() !== Number(day)) return null;
  const milliseconds = fraction.slice(0, 3).padEnd(3, '0');
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}${zone}`);
}

/** A member of a request that becomes a Date. Only the text of a moment does; anything else is refused by name. */
export function IsoDate(): PropertyDecorator {
  return applyDecorators(
    Transform(({ obj, key }: TransformFnParams) => {
      const raw = (obj as Readonly<Record<string, unknown>>)[key];
      return typeof raw === 'string' ? (parseIsoDate(raw) ?? raw) : raw;
    }),
    IsDate({ message: `$property must be a date or a date and time of ISO 8601, such as ${example}` }),
  );
}
