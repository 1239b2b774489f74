/*
 * How bundles' tuples stand in memory: eight bundles lie together, 8 bytes a row, as they are read together; where
 * the last group has four or fewer, it is 4 bytes a row. Four bundles make a lane.
 */
export const lanesOf = (bundles: number): number => Math.ceil(bundles / 4);

export interface Lane {
  /** Address of the first row's four tuples, from the beginning of all tuples. */
  readonly base: number;
  /** Bytes from row to row are 2 to this power. */
  readonly shift: number;
}

/** @param lanes how many there are */
export function laneAt(lane: number, lanes: number, rows: number): Lane {
  const paired = (lane | 1) < lanes;
  return { base: 4 * ((lane & ~1) * rows + (paired ? lane & 1 : 0)), shift: paired ? 3 : 2 };
}

/** Copies bundles' tuples into `out`, which is 4 x lanes x rows bytes of zeros. */
export function packLanes(tuples: readonly Uint8Array[], rows: number, out: Uint8Array): void {
  const lanes = lanesOf(tuples.length);
  tuples.forEach((column, bundle) => {
    const { base, shift } = laneAt(bundle >> 2, lanes, rows);
    const at = base + (bundle & 3);
    for (let row = 0; row < rows; row++) out[at + (row << shift)] = column[row];
  });
}
