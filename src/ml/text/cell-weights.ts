/** What a cell counts within one level of a hierarchy, and which of the level's parts it is in. */
export interface Level {
  readonly part: number;
  /** Of the level, in any unit, above 0; that of parts without rows falls to the others. */
  readonly share: number;
}

/**
 * Weights with which no collection, class or domain outweighs the others by mere size. A row counts
 * `1 / n ** exponent` where `n` rows of its cell are of its group, and each cell then weighs its share of the whole.
 * With the default exponent a domain of 10,000 addresses counts as 100 domains of one, not as 10,000 or as one.
 *
 * @param cells cell of each row, from 0: a source and class, say
 * @param groups group of each row
 * @param levelsOf the levels of a cell, from the outermost, as many for each cell; `size` is the sum of what its rows
 * count. The cells share the whole equally where it is left out.
 * @returns a weight a row; they add up to the number of rows
 * @throws RangeError when the lengths differ, or a share is not above 0
 */
export function cellWeights(
  cells: Int32Array,
  groups: Int32Array,
  {
    levelsOf = (cell) => [{ part: cell, share: 1 }],
    exponent = 0.5,
  }: { levelsOf?: (cell: number, size: number) => readonly Level[]; exponent?: number } = {},
): Float64Array {
  if (cells.length !== groups.length) {
    throw new RangeError(`weights: ${cells.length} cells for ${groups.length} groups`);
  }
  const weights = groupWeights(cells, groups, exponent);
  const sizes = new Map<number, number>();
  cells.forEach((cell, row) => sizes.set(cell, (sizes.get(cell) ?? 0) + weights[row]));
  const shares = sharesOf(new Map([...sizes].map(([cell, size]) => [cell, levelsOf(cell, size)])));
  return weights.map((weight, row) => {
    const cell = cells[row];
    return (weight / sizes.get(cell)!) * shares.get(cell)! * cells.length;
  });
}

/** Each cell's share of 1. */
function sharesOf(levels: ReadonlyMap<number, readonly Level[]>): Map<number, number> {
  const shares = new Map([...levels.keys()].map((cell) => [cell, 1]));
  const depth = Math.max(0, ...[...levels.values()].map((of) => of.length));
  for (let level = 0; level < depth; level++) {
    const outer = (cell: number): string =>
      levels
        .get(cell)!
        .slice(0, level)
        .map(({ part }) => part)
        .join();
    const parts = new Map<string, Map<number, number>>();
    for (const [cell, of] of levels) {
      const { part, share } = of[level];
      if (!(share > 0)) throw new RangeError(`weights: cell ${cell} has the share ${share}`);
      const within = parts.get(outer(cell)) ?? new Map<number, number>();
      parts.set(outer(cell), within.set(part, share));
    }
    for (const [cell, of] of levels) {
      const whole = [...parts.get(outer(cell))!.values()].reduce((sum, share) => sum + share, 0);
      shares.set(cell, (shares.get(cell)! * of[level].share) / whole);
    }
  }
  return shares;
}

function groupWeights(cells: Int32Array, groups: Int32Array, exponent: number): Float64Array {
  const sizes = new Map<string, number>();
  const keys = Array.from(cells, (cell, row) => `${cell}/${groups[row]}`);
  for (const key of keys) sizes.set(key, (sizes.get(key) ?? 0) + 1);
  return Float64Array.from(keys, (key) => sizes.get(key)! ** -exponent);
}
