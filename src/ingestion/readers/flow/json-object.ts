/** A parsed JSON object. */
export type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The value at a path of names with dots, whether a shipper nested them or wrote them flat; of a list of one value, that
 * value, for Elasticsearch gives fields as lists.
 */
export function valueAt(record: Json, path: string): unknown {
  const flat = record[path];
  if (flat !== undefined) return onlyOf(flat);
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
    const inner = record[path.slice(0, dot)];
    const found = isObject(inner) ? valueAt(inner, path.slice(dot + 1)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function onlyOf(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : value;
}
