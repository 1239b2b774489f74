// Taken out once: in a VM context, as tests run in, looking up a global costs more than the comparison itself.
const { abs, min } = Math;

/** Rows of the table, for names up to 64 characters; kept between calls. */
const width = 65;
const rows = [new Uint8Array(width), new Uint8Array(width), new Uint8Array(width)];

/**
 * How many letters have to be put in, left out, replaced or swapped with their neighbour to turn one name into the other
 * (Damerau-Levenshtein, each letter touched once); `limit + 1` for all that need more than `limit`.
 */
export function editDistance(a: string, b: string, limit: number): number {
  if (abs(a.length - b.length) > limit || a.length >= width || b.length >= width) return limit + 1;
  let [before, previous, current] = rows;
  for (let j = 0; j <= b.length; j++) previous[j] = j;
  for (let i = 1; i <= a.length; i++) {
    current[0] = i;
    let least = i;
    const char = a.charCodeAt(i - 1);
    for (let j = 1; j <= b.length; j++) {
      const other = b.charCodeAt(j - 1);
      let distance = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (char === other ? 0 : 1));
      const isSwap = i > 1 && j > 1 && char === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === other;
      if (isSwap) distance = min(distance, before[j - 2] + 1);
      current[j] = distance;
      if (distance < least) least = distance;
    }
    if (least > limit) return limit + 1;
    [before, previous, current] = [previous, current, before];
  }
  return min(previous[b.length], limit + 1);
}
