/*
 * Intervals of shares. Sources: Wilson, JASA 22 (1927) 209; Newcombe, Statistics in Medicine 17 (1998) 857 (one share)
 * and 873 (the difference of two).
 */

/** So many of so many. */
export interface Proportion {
  readonly successes: number;
  readonly trials: number;
}

/** Standard errors on either side of a 95 % interval. */
export const z95 = 1.959963984540054;

/** The share itself; null of nothing. */
export function shareOf({ successes, trials }: Proportion): number | null {
  return trials === 0 ? null : successes / trials;
}

/**
 * Wilson's score interval of a share, without continuity correction; null of nothing. Unlike the textbook's interval
 * it stays within 0 and 1 and holds for few trials and rare successes.
 * @param z half its width in standard errors
 * @throws RangeError when there are more successes than trials, or negative ones
 */
export function wilsonInterval({ successes, trials }: Proportion, z = z95): readonly [number, number] | null {
  if (!(successes >= 0 && successes <= trials))
    throw new RangeError(`${successes} successes of ${trials} trials`);
  if (trials === 0) return null;
  const share = successes / trials;
  const square = z * z;
  const centre = share + square / (2 * trials);
  const half = z * Math.sqrt((share * (1 - share)) / trials + square / (4 * trials * trials));
  const scale = 1 + square / trials;
  // Rounding must not leave what the formula touches exactly.
  const low = successes === 0 ? 0 : (centre - half) / scale;
  const high = successes === trials ? 1 : (centre + half) / scale;
  return [low, high];
}

/**
 * Newcombe's hybrid score interval (his method 10) of the difference `a - b` of two independent shares; null when a side
 * is of nothing. @throws RangeError as {@link wilsonInterval}
 */
export function newcombeInterval(a: Proportion, b: Proportion, z = z95): readonly [number, number] | null {
  const [ofA, ofB] = [wilsonInterval(a, z), wilsonInterval(b, z)];
  if (!ofA || !ofB) return null;
  const [shareA, shareB] = [a.successes / a.trials, b.successes / b.trials];
  const difference = shareA - shareB;
  return [
    difference - Math.hypot(shareA - ofA[0], ofB[1] - shareB),
    difference + Math.hypot(ofA[1] - shareA, shareB - ofB[0]),
  ];
}
