import { kernelBytes } from './kernels.wasm.js';

/**
 * The loops that a fit spends its time in, on one shared memory. Every parameter that names an array is the address,
 * in bytes, of its first value: `order` of 32-bit row numbers, sums and values of 64-bit floats, codes of bytes.
 * Rows from `from` to `to` - 1 of `order` are meant, and values that are `gathered` stand in their order.
 */
export interface Kernels {
  /** out[i] = values[order[i]] */
  gather(order: number, from: number, to: number, values: number, out: number): void;
  /** Adds the gathered values to the slots of each row's eight tuples, 8 bytes a row at `lane`. */
  addEight(
    ...args: [lane: number, order: number, from: number, to: number, gathered: number, ...slots: number[]]
  ): void;
  /** The same for four tuples, 2^shift bytes from row to row. */
  addFour(
    lane: number,
    shift: number,
    ...args: [order: number, from: number, to: number, gathered: number, ...slots: number[]]
  ): void;
  clear(at: number, count: number): void;
  /** whole[i] -= part[i] */
  subtract(whole: number, part: number, count: number): void;
  /** Adds up a bundle's sums by the codes of the tuples listed; the usual code has what they leave of `sum`. */
  spread(
    sums: number,
    tuples: number,
    codes: number,
    count: number,
    sum: number,
    usual: number,
    out: number,
  ): void;
  /**
   * The best cut after one of `values` codes, `start` being on the left already: -1 where none has a score above
   * `best`, or else the code, its score and packed left sum being at `result`.
   */
  scan(
    sums: number,
    values: number,
    start: number,
    sum: number,
    l2: number,
    minHessian: number,
    best: number,
    result: number,
  ): number;
  /**
   * The same for all features at a node that `tried` has a 1 for, are numbers and in the lanes from `firstLane` to
   * `endLane` - 1: for each a pair of score, -1 without a cut, and packed left sum in `cuts`, then its code and
   * whether missing values go left. Where the node saw none, they follow the heavier side; a tie, up to rounding,
   * goes right. `features` has eight 32-bit numbers each: see `writeFeatures`.
   */
  scanFeatures(
    features: number,
    count: number,
    firstLane: number,
    endLane: number,
    tried: number,
    histogram: number,
    sum: number,
    l2: number,
    minHessian: number,
    spread: number,
    cuts: number,
    codes: number,
    ways: number,
  ): void;
  /**
   * Moves rows whose tuple has a 1 in `table` to the front of their run, in their order, and copies the others to
   * the front of the same run of `spare`; returns how many went to the front. Both places are written each time:
   * cheaper than a branch that nobody can predict.
   */
  partition(
    lane: number,
    stride: number,
    table: number,
    order: number,
    from: number,
    to: number,
    spare: number,
  ): number;
  /** Adds 1 to the 32-bit place of each row's tuple. */
  count(lane: number, stride: number, order: number, from: number, to: number, out: number): void;
  /** Derivatives of the log loss of rows `from` to `to` - 1, pairs; the sums of their sizes go to `sums`. */
  derive(
    scores: number,
    y: number,
    weight: number,
    from: number,
    to: number,
    out: number,
    sums: number,
  ): void;
  /** Rounds and packs those pairs. What rounding takes from a row, the next one gets. */
  pack(
    derivatives: number,
    from: number,
    to: number,
    gradientScale: number,
    hessianScale: number,
    out: number,
  ): void;
  /** Adds up pairs of values of the rows listed. */
  sumPairs(order: number, from: number, to: number, pairs: number, out: number): void;
  sum(order: number, from: number, to: number, values: number): number;
  /** out[order[i]] += value */
  addValue(order: number, from: number, to: number, value: number, out: number): void;
}

let compiled: WebAssembly.Module | undefined;

/** Kernels in WebAssembly, `kernels.as`; `plain.ts` has the same in TypeScript. */
export function compileKernels(memory: WebAssembly.Memory): Kernels {
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(kernelBytes), (char) => char.charCodeAt(0)));
  return new WebAssembly.Instance(compiled, { env: { memory } }).exports as Kernels;
}
