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

  constructor(
    private readonly bins: Bins,
    private readonly order: Int32Array,
    private readonly weight: Float64Array,
  ) {}

  fill(feature: number, node: NodeRows): void {
    const { sums } = this;
    const bins = this.bins.counts[feature];
    const codes = feature * this.bins.rows;
    const sparse = node.end - node.start < bins;
    this.addSums(codes, bins, node);
    this.values = sparse ? this.listSeenCodes(codes, node) : this.listCodes(bins);
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

  /** Fills `sums` for one feature, whose codes start at `codes`. */
  private addSums(codes: number, bins: number, node: NodeRows): void {
    // Folding the lanes together is only paid for by many rows a bin.
    const laned = node.end - node.start > 16 * bins;
    this.addClass(codes, node.start, node.middle, 0, laned);
    this.addClass(codes, node.middle, node.end, 1, laned);
    if (!laned) return;
    for (let at = 0; at < 2 * bins; at++) this.foldLanes(at);
    this.foldLanes(2 * missingCode);
    this.foldLanes(2 * missingCode + 1);
  }

  private addClass(codesStart: number, from: number, to: number, label: number, laned: boolean): void {
    const { order, weight, sums } = this;
    const { codes } = this.bins;
    let i = from;
    if (laned) {
      for (; i + 3 < to; i += 4) {
        const row0 = order[i];
        const row1 = order[i + 1];
        const row2 = order[i + 2];
        const row3 = order[i + 3];
        sums[2 * codes[codesStart + row0] + label] += weight[row0];
        sums[lane + 2 * codes[codesStart + row1] + label] += weight[row1];
        sums[2 * lane + 2 * codes[codesStart + row2] + label] += weight[row2];
        sums[3 * lane + 2 * codes[codesStart + row3] + label] += weight[row3];
      }
    }
    for (; i < to; i++) {
      const row = order[i];
      sums[2 * codes[codesStart + row] + label] += weight[row];
    }
  }

  private foldLanes(at: number): void {
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

  private listSeenCodes(codesStart: number, node: NodeRows): number {
    const { order, seen, present } = this;
    const { codes } = this.bins;
    for (let i = node.start; i < node.end; i++) {
      const code = codes[codesStart + order[i]];
      seen[code >> 5] |= 1 << (code & 31);
    }
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
