import { RequestInvalidError } from './errors.js';

/** What a JSON body sends: one value by itself, or several. */
export interface OneOrMany<T> {
  readonly values: readonly T[];
  readonly single: boolean;
  /** Where in the body value `i` stands. */
  readonly pathOf: (i: number) => string;
}

type JsonObject = Readonly<Record<string, unknown>>;

const mostFaults = 100;

/**
 * The values of `{[one]: value}` or `{[many]: [values]}`.
 * @throws RequestInvalidError naming what is missing, sent twice or not known: nothing that is asked for is ignored
 */
export function oneOrMany(body: unknown, one: string, many: string): OneOrMany<unknown> {
  const fields: JsonObject = isObject(body) ? body : {};
  const { [one]: value, [many]: values } = fields;
  if (value !== undefined && values !== undefined) {
    refuse(one, `stands beside ${many}; send one of the two`);
  }
  const isMissing = value === undefined && (!Array.isArray(values) || values.length === 0);
  if (isMissing) refuse(many, `must be an array with at least one ${one}; send {${one}} or {${many}}`);
  const other = Object.keys(fields).find((name) => name !== one && name !== many);
  if (other !== undefined) {
    refuse(other, `is not known beside ${one} or ${many}; options stand in the address, not in the body`);
  }
  const single = value !== undefined;
  return {
    values: single ? [value] : (values as unknown[]),
    single,
    pathOf: (i) => (single ? one : `${many}[${i}]`),
  };
}

/** The records of `{record}` or `{records}`. @throws RequestInvalidError as oneOrMany does, and for what is no object */
export function recordsOf(body: unknown): OneOrMany<JsonObject> {
  const { values, ...sent } = oneOrMany(body, 'record', 'records');
  const faults = values.flatMap((item, i) =>
    isObject(item)
      ? []
      : [{ path: sent.pathOf(i), message: 'must be an object of feature names and values' }],
  );
  if (faults.length > 0) throw new RequestInvalidError(faults.slice(0, mostFaults));
  return { values: values as JsonObject[], ...sent };
}

/**
 * The rows of `{record}`, `{records}` or an array of them, as files of JSON have it. A text may be one, for detectors whose
 * records have one column.
 * @throws RequestInvalidError as oneOrMany does, and for what is neither object nor text
 */
export function rowsOf(body: unknown): readonly (JsonObject | string)[] {
  const { values, pathOf } = oneOrMany(Array.isArray(body) ? { records: body } : body, 'record', 'records');
  const faults = values.flatMap((item, i) =>
    isObject(item) || typeof item === 'string'
      ? []
      : [{ path: pathOf(i), message: 'must be an object of column names and values, or a text' }],
  );
  if (faults.length > 0) throw new RequestInvalidError(faults.slice(0, mostFaults));
  return values as (JsonObject | string)[];
}

function refuse(path: string, message: string): never {
  throw new RequestInvalidError([{ path, message }]);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
