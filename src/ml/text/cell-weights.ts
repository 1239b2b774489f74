/**
 * Weights with which no collection, class or domain outweighs the others by mere size. A row counts
 * `1 / n ** exponent` where `n` rows of its cell are of its group, and each cell then weighs its share of the whole.
 * With the default exponent a domain of 10,000 addresses counts as 100 domains of one, not as 10,000 or as one.
 *
 * @param cells cell of each row, from 0: a source and class, say
 * @param groups group of each row
 * @param shares of the cells, in any unit; equal where left out. Those of cells without rows fall to the others.
 * @returns a weight a row; they add up to the number of rows
 * @throws RangeError when the lengths differ, or a cell has no share above 0
 */
export function cellWeights(
  cells: Int32Array,
  groups: Int32Array,
  { shares, exponent = 0.5 }: { shares?: readonly number[]; exponent?: number } = {},
): Float64Array {
  if (cells.length !== groups.length) {
    throw new RangeError(`weights: ${cells.length} cells for ${groups.length} groups`);
  }
  const weights = groupWeights(cells, groups, exponent);
  const totals = new Map<number, number>();
  cells.forEach((cell, row) => totals.set(cell, (totals.get(cell) ?? 0) + weights[row]));
  const shareOf = (cell: number): number => (shares ? shares[cell] : 1);
  let whole = 0;
  for (const cell of totals.keys()) {
    if (!(shareOf(cell) > 0)) throw new RangeError(`weights: cell ${cell} has the share ${shareOf(cell)}`);
    whole += shareOf(cell);
  }
  return weights.map((weight, row) => {
    const cell = cells[row];
    return (weight / totals.get(cell)!) * (shareOf(cell) / whole) * cells.length;
  });
}

function groupWeights(cells: Int32Array, groups: Int32Array, exponent: number): Float64Array {
  const sizes = new Map<string, number>();
  const keys = Array.from(cells, (cell, row) => `${cell}/${groups[row]}`);
  for (const key of keys) sizes.set(key, (sizes.get(key) ?? 0) + 1);
  return Float64Array.from(keys, (key) => sizes.get(key)! ** -exponent);
}
