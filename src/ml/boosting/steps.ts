import { FeatureScan, type ScannedNode } from './feature-scan.js';
import { type FitMemory, mostArguments, pieceRows } from './fit-memory.js';
import type { Kernels } from './kernels/kernels.js';
import { laneAt, lanesOf } from './lanes.js';

/** What the threads of a fit do together, one after another. */
export const steps = { derive: 0, pack: 1, partition: 2, search: 3, sumLeaves: 4, addLeaves: 5 } as const;
export type Step = (typeof steps)[keyof typeof steps];

/** Places of the arguments. The first is how many threads take part; the others are the step's own. */
export const argument = {
  shares: 0,
  gradientScale: 1,
  hessianScale: 2,
  lane: 1,
  stride: 2,
  from: 3,
  to: 4,
  built: 5,
  histograms: 6,
  sums: 8,
  rows: 10,
  wanted: 12,
  l2: 14,
  minHessian: 15,
  pieces: 1,
  weighted: 2,
} as const;

/**
 * One share of each step. Rows, bundles and leaves are shared out by number alone, every sum of floats is of a
 * fixed piece of rows, and packed sums are exact: results depend neither on how many shares there are nor on who
 * does them.
 */
export class BoostingSteps {
  readonly scan: FeatureScan;
  private readonly numbers: Float64Array;
  private readonly arguments: Float64Array;
  private readonly tried: Uint8Array;
  private readonly moved: Int32Array;
  private readonly pieces: Int32Array;
  private readonly lanes: number;
  private readonly categorical: readonly number[];
  private share = 0;
  private readonly node: ScannedNode = { slot: 0, histogram: 0, sum: 0, rows: 0 };

  constructor(
    private readonly kernels: Kernels,
    private readonly shared: FitMemory,
    private readonly thread: number,
  ) {
    const { memory, at, features, threads, bundles, pieces } = shared;
    const { buffer } = memory;
    this.scan = new FeatureScan(kernels, shared, thread);
    this.numbers = new Float64Array(buffer);
    this.arguments = new Float64Array(buffer, at.arguments, mostArguments);
    this.tried = new Uint8Array(buffer, at.tried, 2 * features.length);
    this.moved = new Int32Array(buffer, at.moved, threads);
    this.pieces = new Int32Array(buffer, at.pieces, 3 * pieces);
    this.lanes = lanesOf(bundles);
    this.categorical = [...features.keys()].filter((index) => features[index].isCategorical);
  }

  take(step: Step, share: number): void {
    this.share = share;
    switch (step) {
      case steps.derive:
        return this.derive();
      case steps.pack:
        return this.pack();
      case steps.partition:
        return this.partition();
      case steps.search:
        return this.search();
      case steps.sumLeaves:
        return this.sumLeaves();
      case steps.addLeaves:
        return this.addLeaves();
    }
  }

  private derive(): void {
    const { at } = this.shared;
    this.eachPiece((piece, from, to) =>
      this.kernels.derive(at.scores, at.y, at.weight, from, to, at.derivatives, at.sums + 16 * piece),
    );
  }

  private pack(): void {
    const { at } = this.shared;
    const gradientScale = this.arguments[argument.gradientScale];
    const hessianScale = this.arguments[argument.hessianScale];
    this.eachPiece((_, from, to) =>
      this.kernels.pack(at.derivatives, from, to, gradientScale, hessianScale, at.packed),
    );
  }

  private eachPiece(work: (piece: number, from: number, to: number) => void): void {
    const { rows } = this.shared;
    const [first, end] = this.partOf(Math.ceil(rows / pieceRows));
    for (let piece = first; piece < end; piece++) {
      work(piece, piece * pieceRows, Math.min(rows, (piece + 1) * pieceRows));
    }
  }

  private partition(): void {
    const { arguments: given, kernels, shared, share } = this;
    const { at } = shared;
    const start = given[argument.from];
    const [from, to] = this.partOf(given[argument.to] - start);
    this.moved[share] = kernels.partition(
      given[argument.lane],
      given[argument.stride],
      at.table,
      at.order,
      start + from,
      start + to,
      at.spare,
    );
  }

  /** The smaller node's histogram, the larger one's by subtraction, and the best cut of each feature in both. */
  private search(): void {
    const { arguments: given, kernels, scan } = this;
    const [small, large] = [given[argument.histograms], given[argument.histograms + 1]];
    const [first, end] = this.partOf(this.lanes);
    const [from, to] = this.slotsOf(first, end);
    if (given[argument.built] === 1) {
      kernels.clear(small + 8 * from, to - from);
      this.addRows(first, end, small);
    }
    if (large > 0) kernels.subtract(large + 8 * from, small + 8 * from, to - from);
    scan.l2 = given[argument.l2];
    scan.minHessian = given[argument.minHessian];
    for (const slot of [0, 1]) if (given[argument.wanted + slot] === 1) this.scanNode(slot, first, end);
  }

  private addRows(first: number, end: number, histogram: number): void {
    const { arguments: given, kernels, shared, lanes } = this;
    const { at, rows, starts, bundles } = shared;
    const [from, to] = [given[argument.from], given[argument.to]];
    // All rows stand in their own order.
    const gathered = to - from === rows ? at.packed : at.gathered + 8 * rows * this.thread;
    if (to - from < rows) kernels.gather(at.order, from, to, at.packed, gathered);
    const slot = (bundle: number): number => histogram + 8 * starts[Math.min(bundle, bundles)];
    for (let lane = first; lane < end; lane++) {
      const { base, shift } = laneAt(lane, lanes, rows);
      const b = 4 * lane;
      const four = [slot(b), slot(b + 1), slot(b + 2), slot(b + 3)] as const;
      if ((lane & 1) === 0 && lane + 1 < end) {
        const others = [slot(b + 4), slot(b + 5), slot(b + 6), slot(b + 7)] as const;
        kernels.addEight(at.lanes + base, at.order, from, to, gathered, ...four, ...others);
        lane++;
      } else {
        kernels.addFour(at.lanes + base, shift, at.order, from, to, gathered, ...four);
      }
    }
  }

  private scanNode(slot: number, first: number, end: number): void {
    const { arguments: given, node, tried, scan, kernels, categorical } = this;
    const { at, features } = this.shared;
    const { length } = features;
    node.slot = slot;
    node.histogram = given[argument.histograms + slot];
    node.sum = given[argument.sums + slot];
    node.rows = given[argument.rows + slot];
    const triedAt = at.tried + slot * length;
    const results = [
      at.cuts + 16 * slot * length,
      at.cutCodes + slot * length,
      at.cutWays + slot * length,
    ] as const;
    kernels.scanFeatures(
      at.features,
      length,
      first,
      end,
      triedAt,
      node.histogram,
      node.sum,
      scan.l2,
      scan.minHessian,
      scan.spread,
      ...results,
    );
    for (const index of categorical) {
      const lane = features[index].bundle >> 2;
      if (lane >= first && lane < end && tried[slot * length + index] === 1) scan.scan(index, node);
    }
  }

  private sumLeaves(): void {
    const { arguments: given, kernels, pieces, numbers } = this;
    const { at } = this.shared;
    const [first, end] = this.partOf(given[argument.pieces]);
    for (let i = first; i < end; i++) {
      const [from, to] = [pieces[3 * i], pieces[3 * i + 1]];
      kernels.sumPairs(at.order, from, to, at.derivatives, at.sums + 16 * i);
      numbers[at.weights / 8 + i] =
        given[argument.weighted] === 1 ? kernels.sum(at.order, from, to, at.weight) : to - from;
    }
  }

  private addLeaves(): void {
    const { kernels, pieces, numbers } = this;
    const { at } = this.shared;
    const [first, end] = this.partOf(this.arguments[argument.pieces]);
    for (let i = first; i < end; i++) {
      const value = numbers[at.values / 8 + pieces[3 * i + 2]];
      kernels.addValue(at.order, pieces[3 * i], pieces[3 * i + 1], value, at.scores);
    }
  }

  /** The share's part of so many pieces, from one to the other. */
  private partOf(count: number): [from: number, to: number] {
    const shares = this.arguments[argument.shares];
    return [Math.floor((count * this.share) / shares), Math.floor((count * (this.share + 1)) / shares)];
  }

  /** Slots of the lanes; the last one has the slot behind all others too. */
  private slotsOf(first: number, end: number): [from: number, to: number] {
    const { starts, bundles } = this.shared;
    const last = end === this.lanes && end > first ? 1 : 0;
    return [starts[Math.min(4 * first, bundles)], starts[Math.min(4 * end, bundles)] + last];
  }
}
