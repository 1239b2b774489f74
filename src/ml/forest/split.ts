import { type Bins, missingCode } from '../bins.js';
import type { Random } from '../random.js';

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
 * Searches a node's best split by Gini impurity over histograms of weighted class sums.
 *
 * The result of the last successful `find` stands in the public fields. Work is proportional to the node's
 * rows times the features tried: bins are visited through a bitmap where rows are fewer than bins.
 */
export class SplitFinder {
  feature = -1;
  /** Codes up to this one go left. */
  code = 0;
  missingLeft = false;
  /** Class weights of the left side. */
  leftBenign = 0;
  leftThreat = 0;

  /** Impurity after the best split so far. */
  private impurity = Infinity;
  /** The next code above `code` in the node, or `missingCode`. */
  private nextCode = 0;
  /** Benign and threat weight of each code, interleaved, in four lanes; all zero between features. */
  private readonly sums = new Float64Array(4 * lane);
  private readonly rowCounts = new Int32Array(256);
  private readonly seen = new Int32Array(8);
  /** Codes of values in the node, ascending. */
  private readonly present = new Uint8Array(256);
  private readonly features: Int32Array;
  private readonly constantFeatures: Int32Array;

  constructor(
    private readonly bins: Bins,
    private readonly order: Int32Array,
    private readonly weight: Float64Array,
    private readonly maxFeatures: number,
    private readonly minSamplesLeaf: number,
  ) {
    this.features = Int32Array.from({ length: bins.columns }, (_, j) => j);
    this.constantFeatures = new Int32Array(bins.columns);
  }

  /**
   * Draws features without replacement as scikit-learn's best splitter does: `maxFeatures` of them, features
   * that are constant in the node included, and more until one is not constant. Constant features are kept
   * at the front of `features` for the nodes below; `node.constants` is set to their number.
   * @returns whether there is a split
   */
  find(node: NodeRows, random: Random): boolean {
    const { features, constantFeatures } = this;
    const known = node.constants;
    this.impurity = Infinity;
    let drawnConstants = 0;
    let constants = known;
    let undrawn = features.length;
    for (let visited = 0; undrawn > constants; visited++) {
      if (visited >= this.maxFeatures && visited > drawnConstants + constants - known) break;
      let at = drawnConstants + random.below(undrawn - drawnConstants - (constants - known));
      if (at < known) {
        swap(features, at, drawnConstants++);
        continue;
      }
      at += constants - known;
      if (this.tryFeature(features[at], node)) swap(features, at, --undrawn);
      else swap(features, at, constants++);
    }
    // Sibling nodes count on the order of the constants that were known before.
    for (let i = 0; i < known; i++) features[i] = constantFeatures[i];
    for (let i = known; i < constants; i++) constantFeatures[i] = features[i];
    node.constants = constants;
    return this.impurity < Infinity;
  }

  /** The found cut as a number, halfway between the values on both sides of it in the node. */
  threshold(): number {
    const low = this.bins.largest[this.feature][this.code];
    return this.nextCode === missingCode
      ? Number.MAX_VALUE
      : halfway(low, this.bins.smallest[this.feature][this.nextCode]);
  }

  /** Keeps the feature's best split if it beats the best so far; false where the feature is constant. */
  private tryFeature(feature: number, node: NodeRows): boolean {
    const { sums, present, minSamplesLeaf } = this;
    const bins = this.bins.counts[feature];
    const rows = node.end - node.start;
    const codes = feature * this.bins.rows;
    const sparse = rows < bins;
    this.addSums(codes, bins, node);
    const values = sparse ? this.listSeenCodes(codes, node) : this.listCodes(bins);
    const missing = sums[2 * missingCode] + sums[2 * missingCode + 1] > 0;
    const constant = values + (missing ? 1 : 0) < 2;
    if (!constant) {
      if (minSamplesLeaf > 1) this.countRows(codes, node);
      this.scan(feature, values, node, false);
      if (missing) this.scan(feature, values, node, true);
      if (minSamplesLeaf > 1) this.rowCounts.fill(0);
    }
    for (let i = 0; i < values; i++) sums[2 * present[i]] = sums[2 * present[i] + 1] = 0;
    sums[2 * missingCode] = sums[2 * missingCode + 1] = 0;
    return !constant;
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

  private countRows(codesStart: number, node: NodeRows): void {
    for (let i = node.start; i < node.end; i++) this.rowCounts[this.bins.codes[codesStart + this.order[i]]]++;
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

  /**
   * Tries a cut after each present code, the missing values on the given side, and keeps the best.
   * Children of b benign and t threat have a weighted Gini impurity of 2 b t / (b + t) each.
   */
  private scan(feature: number, values: number, node: NodeRows, missingLeft: boolean): void {
    const { sums, present, rowCounts, minSamplesLeaf } = this;
    const missing = sums[2 * missingCode] + sums[2 * missingCode + 1];
    const cuts = missing > 0 && !missingLeft ? values : values - 1;
    const allRows = node.end - node.start;
    let benign = missingLeft ? sums[2 * missingCode] : 0;
    let threat = missingLeft ? sums[2 * missingCode + 1] : 0;
    let rows = missingLeft ? rowCounts[missingCode] : 0;
    let lowest = this.impurity;
    for (let i = 0; i < cuts; i++) {
      const code = present[i];
      benign += sums[2 * code];
      threat += sums[2 * code + 1];
      const left = benign + threat;
      const rightBenign = node.benign - benign;
      const rightThreat = node.threat - threat;
      const right = rightBenign + rightThreat;
      if (minSamplesLeaf > 1) {
        rows += rowCounts[code];
        if (rows < minSamplesLeaf || allRows - rows < minSamplesLeaf) continue;
      }
      const impurity = (benign * threat) / left + (rightBenign * rightThreat) / right;
      if (!(impurity < lowest) || !(right > 0)) continue;
      lowest = impurity;
      this.feature = feature;
      this.code = code;
      this.nextCode = i === values - 1 ? missingCode : present[i + 1];
      this.missingLeft = missing > 0 ? missingLeft : left > right;
      this.leftBenign = benign;
      this.leftThreat = threat;
    }
    this.impurity = lowest;
  }
}

/** The middle of [a, b), or `a` where floating point has nothing between. */
function halfway(a: number, b: number): number {
  const middle = a / 2 + b / 2;
  return middle >= a && middle < b ? middle : a;
}

function swap(values: Int32Array, a: number, b: number): void {
  const kept = values[a];
  values[a] = values[b];
  values[b] = kept;
}
