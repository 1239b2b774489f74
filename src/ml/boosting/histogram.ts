import { type Bundles, laneOf } from './bundles.js';

/**
 * Adds up packed gradients by tuple. Sums are whole numbers and so exact: any implementation, in any order and
 * on any number of threads, gives the same bits.
 */
export interface HistogramBuilder {
  /** Values a histogram has. */
  readonly length: number;
  /** Fills `out`, all bundles' slots, from the rows at `order[from]` to `order[to - 1]`; returns their sum. */
  build(order: Int32Array, from: number, to: number, packed: Float64Array, out: Float64Array): number;
}

/** Eight bundles a pass on one thread: a row's eight bytes are two loads, and eight additions overlap. */
export class WordHistogramBuilder implements HistogramBuilder {
  /** Packed gradients in the order of the node's rows. */
  private readonly gathered: Float64Array;
  /** First slot of each lane; lanes without a bundle, whose bytes are all 0, have one behind the others. */
  private readonly slots: Int32Array;
  readonly length: number;

  constructor(private readonly bundles: Bundles) {
    const { starts, rows } = bundles;
    const lanes = 4 * Math.ceil((starts.length - 1) / 4);
    const used = starts[starts.length - 1];
    this.gathered = new Float64Array(rows);
    this.slots = Int32Array.from({ length: lanes }, (_, lane) => starts[lane] ?? used);
    this.length = used + 1;
  }

  build(order: Int32Array, from: number, to: number, packed: Float64Array, out: Float64Array): number {
    const { gathered, slots } = this;
    let sum = 0;
    for (let i = from; i < to; i++) sum += gathered[i] = packed[order[i]];
    out.fill(0);
    for (let lane = 0; lane < slots.length; lane += 8) {
      const { base, stride } = laneOf(this.bundles, lane);
      if (stride === 2) addEight(this.bundles.words, base, order, from, to, gathered, out, slots, lane);
      else addFour(this.bundles.words, base, order, from, to, gathered, out, slots, lane);
    }
    return sum;
  }
}

function addEight(
  words: Int32Array,
  base: number,
  order: Int32Array,
  from: number,
  to: number,
  gathered: Float64Array,
  out: Float64Array,
  slots: Int32Array,
  lane: number,
): void {
  const a = slots[lane];
  const b = slots[lane + 1];
  const c = slots[lane + 2];
  const d = slots[lane + 3];
  const e = slots[lane + 4];
  const f = slots[lane + 5];
  const g = slots[lane + 6];
  const h = slots[lane + 7];
  for (let i = from; i < to; i++) {
    const at = base + 2 * order[i];
    const low = words[at];
    const high = words[at + 1];
    const value = gathered[i];
    out[a + (low & 255)] += value;
    out[b + ((low >>> 8) & 255)] += value;
    out[c + ((low >>> 16) & 255)] += value;
    out[d + (low >>> 24)] += value;
    out[e + (high & 255)] += value;
    out[f + ((high >>> 8) & 255)] += value;
    out[g + ((high >>> 16) & 255)] += value;
    out[h + (high >>> 24)] += value;
  }
}

function addFour(
  words: Int32Array,
  base: number,
  order: Int32Array,
  from: number,
  to: number,
  gathered: Float64Array,
  out: Float64Array,
  slots: Int32Array,
  lane: number,
): void {
  const a = slots[lane];
  const b = slots[lane + 1];
  const c = slots[lane + 2];
  const d = slots[lane + 3];
  for (let i = from; i < to; i++) {
    const word = words[base + order[i]];
    const value = gathered[i];
    out[a + (word & 255)] += value;
    out[b + ((word >>> 8) & 255)] += value;
    out[c + ((word >>> 16) & 255)] += value;
    out[d + (word >>> 24)] += value;
  }
}

/** Takes `part` from `whole`, in place. */
export function subtract(whole: Float64Array, part: Float64Array): void {
  for (let slot = 0; slot < whole.length; slot++) whole[slot] -= part[slot];
}
