/** Gaps and sizes are averaged over about the last so many flows: all while they are fewer, then fading out. */
const memory = 16;

const [lastAt, flows, gapMean, gapVariance, sizeMean, sizeVariance] = [0, 1, 2, 3, 4, 5];
const numbersAPair = 6;

/** How regularly a source comes back to one port of one host. */
export interface PairBehaviour {
  /** This one included. */
  flows: number;
  /** Seconds between the beginnings of flows; NaN before the second flow. */
  gapMean: number;
  /** Standard deviation of the gaps over their mean: 0 is a clock; NaN before the third flow. */
  gapVariation: number;
  /** The same of the payload sent; NaN before the second flow, 0 where nothing was ever sent. */
  sizeVariation: number;
}

/** Running means and variances (West 1979) of so many pairs as there are slots: six numbers each. */
export class PairHistory {
  private readonly numbers: Float64Array;

  constructor(slots: number) {
    this.numbers = new Float64Array(slots * numbersAPair);
  }

  forget(slot: number): void {
    this.numbers.fill(0, slot * numbersAPair, (slot + 1) * numbersAPair);
  }

  /** Takes in a flow that began at `at` seconds and sent so many bytes. */
  add(slot: number, at: number, sent: number): void {
    const { numbers } = this;
    const base = slot * numbersAPair;
    const known = numbers[base + flows]++;
    if (known > 0) this.average(base + gapMean, Math.abs(at - numbers[base + lastAt]), known);
    this.average(base + sizeMean, sent, known + 1);
    numbers[base + lastAt] = known > 0 ? Math.max(at, numbers[base + lastAt]) : at;
  }

  read(slot: number, out: PairBehaviour): void {
    const { numbers } = this;
    const base = slot * numbersAPair;
    const count = numbers[base + flows];
    out.flows = count;
    out.gapMean = count > 1 ? numbers[base + gapMean] : NaN;
    out.gapVariation = count > 2 ? variation(numbers[base + gapMean], numbers[base + gapVariance]) : NaN;
    out.sizeVariation = count > 1 ? variation(numbers[base + sizeMean], numbers[base + sizeVariance]) : NaN;
  }

  /** Moves the mean at `at`, and the variance behind it, by the value number `n`. */
  private average(at: number, value: number, n: number): void {
    const weight = 1 / Math.min(n, memory);
    const difference = value - this.numbers[at];
    this.numbers[at] += weight * difference;
    this.numbers[at + 1] = (1 - weight) * (this.numbers[at + 1] + weight * difference * difference);
  }
}

function variation(mean: number, variance: number): number {
  return mean > 0 ? Math.sqrt(variance) / mean : 0;
}
