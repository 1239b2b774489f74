/** Limits that hold on the servers of the 2.7 line and on today's, the smaller of the two. */
export const limits = {
  paramValue: 500,
  tagValue: 5000,
  key: 250,
  paramsABatch: 100,
  tagsABatch: 100,
  metricsABatch: 1000,
  datasetDigest: 36,
} as const;

export interface KeyValue {
  readonly key: string;
  readonly value: string;
}

/** One point of a metric's history. */
export interface Metric {
  readonly key: string;
  readonly value: number;
  /** Milliseconds; the same on each try, or the server stores the point twice. */
  readonly timestamp: number;
  readonly step: number;
}

/** A name that every server takes: letters, digits, `_ - . space /`, and no path that leads elsewhere. */
export function cleanKey(key: string): string {
  const segments = key
    .replace(/[^\w.\- /]/g, '_')
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.' && segment !== '..');
  return segments.join('/').slice(0, limits.key).replace(/\/$/, '') || '_';
}

/** Values become text, because a server drops a value of another type with all that follows it. */
export function params(values: Readonly<Record<string, unknown>>): KeyValue[] {
  return keyValues(values, limits.paramValue);
}

/** As {@link params}. */
export function tags(values: Readonly<Record<string, unknown>>): KeyValue[] {
  return keyValues(values, limits.tagValue);
}

/** Points at one moment. A value that is no finite number is left out: servers store it as 0. */
export function metrics(values: Readonly<Record<string, unknown>>, timestamp: number, step = 0): Metric[] {
  const points = new Map<string, Metric>();
  for (const [name, value] of Object.entries(values)) {
    if (typeof value !== 'number' || !Number.isFinite(value)) continue;
    const key = cleanKey(name);
    points.set(key, { key, value, timestamp: Math.trunc(timestamp), step: Math.trunc(step) });
  }
  return [...points.values()];
}

/** @throws RangeError where `size` is below 1 */
export function chunks<T>(items: readonly T[], size: number): T[][] {
  if (size < 1) throw new RangeError('a chunk holds at least 1');
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, i) => items.slice(i * size, (i + 1) * size));
}

/** A key that stands there twice would have the whole batch refused: the last one stays. */
function keyValues(values: Readonly<Record<string, unknown>>, longest: number): KeyValue[] {
  const pairs = new Map<string, KeyValue>();
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === null) continue;
    const key = cleanKey(name);
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    pairs.set(key, { key, value: cut(text, longest) });
  }
  return [...pairs.values()];
}

function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
