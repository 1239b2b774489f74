/** The probability that log-odds stand for; 0 or 1 where it cannot be worked out from them. */
export function sigmoid(score: number): number {
  return 1 / (1 + Math.exp(-score));
}
