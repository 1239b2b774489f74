/**
 * A set of rows by their keys, small enough to travel with a model: the lower 32 bits of each, sorted, as distances of 7
 * bits a byte (LEB128). A key that is not in a set of n passes for one of it once in 2^32 / n: of 100,000 rows two do
 * in a set of 100,000.
 */
export function encodeKeys(keys: Float64Array): string {
  const sorted = Uint32Array.from(keys, shortened).sort();
  const bytes: number[] = [];
  let before = -1;
  for (const key of sorted) {
    if (key === before) continue;
    let distance = key - before;
    for (before = key; distance >= 128; distance = Math.floor(distance / 128))
      bytes.push((distance % 128) + 128);
    bytes.push(distance);
  }
  return Buffer.from(bytes).toString('base64');
}

/** How many of the keys are in a set that `encodeKeys` wrote. */
export function countKnown(keys: Float64Array, encoded: string): number {
  const known = decodeKeys(encoded);
  return keys.reduce((count, key) => count + (known.has(shortened(key)) ? 1 : 0), 0);
}

function decodeKeys(encoded: string): Set<number> {
  const keys = new Set<number>();
  let [key, distance, weight] = [-1, 0, 1];
  for (const byte of Buffer.from(encoded, 'base64')) {
    distance += (byte % 128) * weight;
    weight *= 128;
    if (byte >= 128) continue;
    key += distance;
    keys.add(key);
    [distance, weight] = [0, 1];
  }
  return keys;
}

function shortened(key: number): number {
  return key % 2 ** 32;
}
