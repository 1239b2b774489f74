import { type Bins, missingCode } from '../bins.js';

/** A run of the row order: benign rows in [start, middle), threats in [middle, end). */
export interface NodeRows {
  start: number;
  middle: number;
  end: number;
  /** Weight of the benign rows and of the threats. */
  benign: number;
  threat: number;
  /** How many features are known to be constant here, from the splits above. */
  constants: number;
}

/**
 * Length of a lane of class sums. Where a feature has few codes, one addition would wait for the last one to
 * the same place; rows taking four places in turn do not wait.
 */
const lane = 512;

/**
 * Weighted class sums of a node's rows by the codes of one feature. Work is proportional to the node's rows:
 * bins are visited through a bitmap where rows are fewer than bins.
 */
export class NodeHistogram {
  /** Benign and threat weight of each code, interleaved, in four lanes; all zero between features. */
  readonly sums = new Float64Array(4 * lane);
  /** Rows of each code, after `countRows`. */
  readonly rowCounts = new Int32Array(256);
  /** Codes of values in the node, ascending: the first `values` entries. */
  readonly present = new Uint8Array(256);
  values = 0;
  /** Whether the feature is missing in some of the rows. */
  hasMissing = false;

  private readonly seen = new Int32Array(8);
  /** Weights in the order of the node's rows: gathered once, they are read in line for every feature. */
  private readonly gathered: Float64Array;
  /** The node's class weights, added up in the order in which `addOnes` does it. */
  private benign = 0;
  private threat = 0;
  /** 1 for features of two values that are nowhere missing. */
  private readonly isBinary: Uint8Array;

  constructor(
    private readonly bins: Bins,
    private readonly order: Int32Array,
  ) {
    this.gathered = new Float64Array(order.length);
    const { rows, codes } = bins;
    this.isBinary = Uint8Array.from(bins.counts, (count, feature) =>
      count === 2 && !codes.subarray(feature * rows, (feature + 1) * rows).includes(missingCode) ? 1 : 0,
    );
  }

  /** To be called when there is a new node to fill from. */
  startNode({ start, middle, end }: NodeRows, weight: Float64Array): void {
    const { order, gathered } = this;
    for (let i = start; i < end; i++) gathered[i] = weight[order[i]];
    this.benign = sumOf(gathered, start, middle);
    this.threat = sumOf(gathered, middle, end);
  }

  fill(feature: number, node: NodeRows): void {
    const { sums } = this;
    const rows = node.end - node.start;
    const bins = this.bins.counts[feature];
    const codes = feature * this.bins.rows;
    if (this.isBinary[feature] === 1) {
      this.addOnes(codes, node.start, node.middle, 0, this.benign);
      this.addOnes(codes, node.middle, node.end, 1, this.threat);
      this.values = this.listCodes(2);
    } else if (rows < bins) {
      this.addSeen(codes, node.start, node.middle, 0);
      this.addSeen(codes, node.middle, node.end, 1);
      this.values = this.listSeen();
    } else {
      // Folding the lanes together is only paid for by many rows a bin.
      const laned = rows > 16 * bins;
      this.addClass(codes, node.start, node.middle, 0, laned);
      this.addClass(codes, node.middle, node.end, 1, laned);
      if (laned) this.foldLanes(bins);
      this.values = this.listCodes(bins);
    }
    this.hasMissing = sums[2 * missingCode] + sums[2 * missingCode + 1] > 0;
  }

  countRows(feature: number, node: NodeRows): void {
    const codes = feature * this.bins.rows;
    this.rowCounts.fill(0);
    for (let i = node.start; i < node.end; i++) this.rowCounts[this.bins.codes[codes + this.order[i]]]++;
  }

  clear(): void {
    const { sums, present } = this;
    for (let i = 0; i < this.values; i++) sums[2 * present[i]] = sums[2 * present[i] + 1] = 0;
    sums[2 * missingCode] = sums[2 * missingCode + 1] = 0;
  }

  /** Adds rows of one class to the sums of a feature, whose codes start at `codesStart`. */
  private addClass(codesStart: number, from: number, to: number, label: number, laned: boolean): void {
    const { order, gathered, sums } = this;
    const { codes } = this.bins;
    let i = from;
    if (laned) {
      for (; i + 3 < to; i += 4) {
        sums[2 * codes[codesStart + order[i]] + label] += gathered[i];
        sums[lane + 2 * codes[codesStart + order[i + 1]] + label] += gathered[i + 1];
        sums[2 * lane + 2 * codes[codesStart + order[i + 2]] + label] += gathered[i + 2];
        sums[3 * lane + 2 * codes[codesStart + order[i + 3]] + label] += gathered[i + 3];
      }
    }
    for (; i < to; i++) sums[2 * codes[codesStart + order[i]] + label] += gathered[i];
  }

  /**
   * The same for a feature of codes 0 and 1, in registers. What is left for code 0 is nothing, to the bit, where no
   * row has it: both sums are added up alike.
   */
  private addOnes(codesStart: number, from: number, to: number, label: number, total: number): void {
    const { order, gathered, sums } = this;
    const { codes } = this.bins;
    let a = 0;
    let b = 0;
    let i = from;
    for (; i + 1 < to; i += 2) {
      a += codes[codesStart + order[i]] * gathered[i];
      b += codes[codesStart + order[i + 1]] * gathered[i + 1];
    }
    if (i < to) a += codes[codesStart + order[i]] * gathered[i];
    sums[2 + label] = a + b;
    sums[label] = total - (a + b);
  }

  /** The same, noting the codes. */
  private addSeen(codesStart: number, from: number, to: number, label: number): void {
    const { order, gathered, sums, seen } = this;
    const { codes } = this.bins;
    for (let i = from; i < to; i++) {
      const code = codes[codesStart + order[i]];
      sums[2 * code + label] += gathered[i];
      seen[code >> 5] |= 1 << (code & 31);
    }
  }

  private foldLanes(bins: number): void {
    for (let at = 0; at < 2 * bins; at++) this.foldLane(at);
    this.foldLane(2 * missingCode);
    this.foldLane(2 * missingCode + 1);
  }

  private foldLane(at: number): void {
    const { sums } = this;
    sums[at] += sums[lane + at] + sums[2 * lane + at] + sums[3 * lane + at];
    sums[lane + at] = sums[2 * lane + at] = sums[3 * lane + at] = 0;
  }

  private listCodes(bins: number): number {
    const { sums, present } = this;
    let count = 0;
    for (let code = 0; code < bins; code++) {
      if (sums[2 * code] + sums[2 * code + 1] > 0) present[count++] = code;
    }
    return count;
  }

  private listSeen(): number {
    const { seen, present } = this;
    let count = 0;
    for (let word = 0; word < 8; word++) {
      let bits = seen[word];
      seen[word] = 0;
      for (; bits !== 0; bits &= bits - 1) present[count++] = 32 * word + 31 - Math.clz32(bits & -bits);
    }
    if (count > 0 && present[count - 1] === missingCode) count--;
    return count;
  }
}

function sumOf(values: Float64Array, from: number, to: number): number {
  let a = 0;
  let b = 0;
  let i = from;
  for (; i + 1 < to; i += 2) {
    a += values[i];
    b += values[i + 1];
  }
  if (i < to) a += values[i];
  return a + b;
}
