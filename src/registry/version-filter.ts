import { RequestInvalidError } from '../common/errors.js';
import type { MetricName } from '../ml/metrics.js';

/** Which versions a list shows; what is left out does not limit. */
export interface VersionFilter {
  /** A metric of the test part that has to be within `min` and `max`; a version without a value of it is not. */
  readonly metric?: MetricName;
  readonly min?: number;
  readonly max?: number;
  /** `key`, or `key:value`. */
  readonly tag?: string;
  /** Made at this moment or later. */
  readonly from?: Date;
  /** Made before this moment. */
  readonly to?: Date;
  readonly candidate?: string;
}

/**
 * The filter as a query of the versions' collection. Each of its parts has an index behind the detector.
 * @throws RequestInvalidError for a metric without a limit, or a limit without a metric
 */
export function versionQuery(detector: string, filter: VersionFilter): Record<string, unknown> {
  const { metric, min, max, tag, from, to, candidate } = filter;
  const limited = min !== undefined || max !== undefined;
  if (limited !== (metric !== undefined)) {
    throw new RequestInvalidError([
      { path: 'metric', message: 'goes with min, max or both, and they with it' },
    ]);
  }
  return {
    detector,
    ...(metric !== undefined && { [`metrics.${metric}`]: range({ $gte: min, $lte: max }) }),
    ...(tag !== undefined && { tags: { $elemMatch: tagQuery(tag) } }),
    ...((from ?? to) && { createdAt: range({ $gte: from, $lt: to }) }),
    ...(candidate !== undefined && { candidate }),
  };
}

/** The first colon ends the key: keys have none, values may. */
function tagQuery(tag: string): { key: string; value?: string } {
  const colon = tag.indexOf(':');
  return colon < 0 ? { key: tag } : { key: tag.slice(0, colon), value: tag.slice(colon + 1) };
}

function range(limits: Readonly<Record<string, number | Date | undefined>>): Record<string, number | Date> {
  const given = Object.entries(limits).filter(([, limit]) => limit !== undefined);
  return Object.fromEntries(given) as Record<string, number | Date>;
}
