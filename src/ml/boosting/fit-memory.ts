import { type BundledFeature, type Bundles } from './bundles.js';
import { lanesOf, packLanes } from './lanes.js';

/** Rows of one piece of a sum: sums are added up piece by piece, so that no number of threads changes them. */
export const pieceRows = 4096;
/** Arguments of a step: see `arguments` in steps.ts. */
export const mostArguments = 16;

/** Bytes of the histograms that a fit keeps at most, if that are at least eight. */
const histogramBytes = 2 ** 27;

/** All that the threads of a fit share; it can be cloned. */
export interface FitMemory {
  readonly memory: WebAssembly.Memory;
  /** Address of each array. */
  readonly at: Readonly<Record<Region, number>>;
  readonly rows: number;
  readonly bundles: number;
  readonly threads: number;
  /** Most leaves of a tree, and pieces that their rows, or all rows, are cut into. */
  readonly leaves: number;
  readonly pieces: number;
  readonly features: readonly SharedFeature[];
  /** First slot of each bundle and, last, how many there are. */
  readonly starts: Int32Array;
  /** Bytes of a histogram and how many there are. */
  readonly histogramSize: number;
  readonly histograms: number;
}

/** A feature with the addresses of its unusual tuples and of their codes. */
export interface SharedFeature extends Omit<BundledFeature, 'unusual'> {
  readonly unusual: number;
  readonly unusualCodes: number;
  readonly unusualCount: number;
}

type Region = keyof ReturnType<typeof regionSizes>;

/** Bytes of each array. */
function regionSizes(
  { rows, features, tuples }: Bundles,
  threads: number,
  leaves: number,
  pieces: number,
  histogramTotal: number,
) {
  return {
    lanes: 4 * lanesOf(tuples.length) * rows,
    y: rows,
    weight: 8 * rows,
    scores: 8 * rows,
    derivatives: 16 * rows,
    packed: 8 * rows,
    order: 4 * rows,
    spare: 4 * rows,
    /** Packed gradients in the order of a node's rows, for each thread. */
    gathered: 8 * rows * threads,
    histograms: histogramTotal,
    /** Unusual tuples and their codes, feature after feature. */
    features: 32 * features.length,
    lists: features.reduce((sum, { unusual }) => sum + 2 * unusual.length, 0),
    /** For each tuple of the bundle that a node is split on, 1 where it goes left. */
    table: 256,
    /** Rows of each tuple. */
    tupleRows: 4 * 256,
    /** A feature's sums by code, and its categories' in order; for each thread. */
    spread: 8 * 257 * threads,
    ranked: 8 * 257 * threads,
    result: 64 * threads,
    arguments: 8 * mostArguments,
    /** Which of two nodes' features are tried, and what the best cut of each is. */
    tried: 2 * features.length,
    cuts: 32 * features.length,
    cutCodes: 2 * features.length,
    cutWays: 2 * features.length,
    /** How many rows each thread's part of a split sent to the left. */
    moved: 4 * threads,
    /** First row, end and leaf of each piece of the leaves, its sums and its weight; values of the leaves. */
    pieces: 12 * pieces,
    sums: 16 * pieces,
    weights: 8 * pieces,
    values: 8 * leaves,
  };
}

/**
 * @param leaves most leaves of a tree
 * @throws RangeError when the arrays are more than the 4 GiB that WebAssembly can address
 */
export function shareMemory(bundles: Bundles, threads: number, leaves: number): FitMemory {
  const { rows, starts, tuples } = bundles;
  // One slot behind the others is for the lanes' last places, if no bundle stands there.
  const histogramSize = 8 * (starts[starts.length - 1] + 1);
  const histograms = Math.max(8, Math.min(leaves + 3, Math.floor(histogramBytes / histogramSize)));
  const pieces = Math.ceil(rows / pieceRows) + leaves;
  const sizes = regionSizes(bundles, threads, leaves, pieces, histograms * histogramSize);
  let total = 0;
  const place = (bytes: number): number => {
    const at = total;
    total += Math.ceil(bytes / 64) * 64;
    return at;
  };
  const at = Object.fromEntries(
    Object.entries(sizes).map(([name, bytes]) => [name, place(bytes)]),
  ) as FitMemory['at'];
  // Kernels take two values at a time and may read one behind the last.
  const pages = Math.ceil((total + 64) / 65536);
  if (pages > 65536) throw new RangeError(`gradient-boosting: ${rows} rows need more than 4 GiB`);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const bytes = new Uint8Array(memory.buffer);
  packLanes(tuples, rows, bytes.subarray(at.lanes, at.lanes + sizes.lanes));
  return {
    memory,
    at,
    rows,
    bundles: tuples.length,
    threads,
    leaves,
    pieces,
    features: shareFeatures(bundles, memory.buffer, at),
    starts,
    histogramSize,
    histograms,
  };
}

/** Writes the features where kernels look for them: flags are 1 for missing values, 2 alone, 4 categorical. */
function shareFeatures(
  { features, starts }: Bundles,
  buffer: SharedArrayBuffer,
  at: FitMemory['at'],
): SharedFeature[] {
  const bytes = new Uint8Array(buffer);
  const words = new Int32Array(buffer, at.features, 8 * features.length);
  let next = at.lists;
  return features.map(({ unusual: tuples, ...feature }, index) => {
    const { values, hasMissing, alone, isCategorical, codes, usual, bundle } = feature;
    const [unusual, unusualCodes, unusualCount] = [next, next + tuples.length, tuples.length];
    next += 2 * unusualCount;
    bytes.set(tuples, unusual);
    bytes.set(tuples.map((tuple) => codes[tuple]), unusualCodes); // prettier-ignore
    const flags = (hasMissing ? 1 : 0) + (alone ? 2 : 0) + (isCategorical ? 4 : 0);
    const lists = [unusual, unusualCodes, unusualCount, usual];
    words.set([8 * starts[bundle], values, flags, ...lists, bundle >> 2], 8 * index);
    return { ...feature, unusual, unusualCodes, unusualCount };
  });
}
