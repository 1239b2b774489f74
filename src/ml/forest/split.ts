import { type Bins, halfway, missingCode } from '../bins.js';
import type { Random } from '../random.js';
import { drawSubset, sortByThreatShare } from './category-order.js';
import { addCode, categoriesOf, setWords } from './category-set.js';
import { NodeHistogram, type NodeRows } from './histogram.js';

export interface SplitOptions {
  readonly criterion: 'gini' | 'entropy';
  /** Every cut of a feature, or one that is drawn uniformly over its range in the node. */
  readonly splitter: 'best' | 'random';
  /** Features tried at a node, a count. */
  readonly maxFeatures: number;
  readonly minSamplesLeaf: number;
}

/**
 * Searches a node's best split over histograms of weighted class sums. The result of the last successful
 * `find` stands in the public fields.
 */
export class SplitFinder {
  feature = -1;
  /** Codes up to this one go left. */
  code = 0;
  /** The codes that go left where the feature is categorical. */
  set: Uint32Array | undefined;
  missingLeft = false;
  /** Class weights of the left side. */
  leftBenign = 0;
  leftThreat = 0;

  /** Impurity after the best split so far. */
  private impurity = Infinity;
  /** The next code above `code` in the node, or `missingCode`. */
  private nextCode = 0;
  /** The number drawn for the cut, NaN where none was. */
  private drawn = NaN;
  private weight: Float64Array = new Float64Array(0);
  private readonly histogram: NodeHistogram;
  private readonly features: Int32Array;
  private readonly constantFeatures: Int32Array;

  constructor(
    private readonly bins: Bins,
    order: Int32Array,
    private readonly options: SplitOptions,
  ) {
    this.histogram = new NodeHistogram(bins, order);
    this.features = new Int32Array(bins.columns);
    this.constantFeatures = new Int32Array(bins.columns);
  }

  /** To be called before each tree, for its draws shall not depend on the last one's. */
  startTree(weight: Float64Array): void {
    this.weight = weight;
    for (let j = 0; j < this.features.length; j++) this.features[j] = j;
  }

  /**
   * Draws features without replacement as scikit-learn's best splitter does: `maxFeatures` of them, features
   * that are constant in the node included, and more until one is not constant. Constant features are kept
   * at the front of `features` for the nodes below; `node.constants` is set to their number.
   * @returns whether there is a split
   */
  find(node: NodeRows, random: Random): boolean {
    const { features, constantFeatures } = this;
    const { maxFeatures } = this.options;
    const known = node.constants;
    this.impurity = Infinity;
    this.histogram.startNode(node, this.weight);
    let drawnConstants = 0;
    let constants = known;
    let undrawn = features.length;
    for (let visited = 0; undrawn > constants; visited++) {
      if (visited >= maxFeatures && visited > drawnConstants + constants - known) break;
      let at = drawnConstants + random.below(undrawn - drawnConstants - (constants - known));
      if (at < known) {
        swap(features, at, drawnConstants++);
        continue;
      }
      at += constants - known;
      if (this.tryFeature(features[at], node, random)) swap(features, at, --undrawn);
      else swap(features, at, constants++);
    }
    // Sibling nodes count on the order of the constants that were known before.
    for (let i = 0; i < known; i++) features[i] = constantFeatures[i];
    for (let i = known; i < constants; i++) constantFeatures[i] = features[i];
    node.constants = constants;
    return this.impurity < Infinity;
  }

  /** The found cut as a number: the drawn one, or halfway between the values on both sides of it in the node. */
  threshold(): number {
    const { feature, nextCode, drawn } = this;
    if (nextCode === missingCode) return Number.MAX_VALUE;
    const low = this.bins.largest[feature][this.code];
    const high = this.bins.smallest[feature][nextCode];
    return drawn >= low && drawn < high ? drawn : halfway(low, high);
  }

  /** The found set of codes as one of categories. */
  categories(set: Uint32Array): Uint32Array {
    return categoriesOf(this.bins, this.feature, set, this.missingLeft);
  }

  /** Keeps the feature's split if it beats the best so far; false where the feature is constant. */
  private tryFeature(feature: number, node: NodeRows, random: Random): boolean {
    const { histogram, options } = this;
    histogram.fill(feature, node);
    const constant = histogram.values + (histogram.hasMissing ? 1 : 0) < 2;
    if (!constant) {
      const categorical = this.bins.categories[feature] !== undefined;
      if (options.minSamplesLeaf > 1) histogram.countRows(feature, node);
      if (categorical) this.tryCategories(feature, node, random);
      else if (options.splitter === 'random') this.tryRandomCut(feature, node, random);
      else this.tryCuts(feature, node, 0, histogram.values - 1);
    }
    histogram.clear();
    return !constant;
  }

  /** Tries one threshold, uniform over the feature's range in the node; a bin is on the side of its middle. */
  private tryRandomCut(feature: number, node: NodeRows, random: Random): void {
    const { present, values } = this.histogram;
    const smallest = this.bins.smallest[feature];
    const largest = this.bins.largest[feature];
    const share = random.float();
    const drawn = (1 - share) * smallest[present[0]] + share * largest[present[values - 1]];
    const middle = (code: number): number => smallest[code] / 2 + largest[code] / 2;
    let cut = 0;
    while (cut < values - 2 && middle(present[cut + 1]) <= drawn) cut++;
    if (this.tryCuts(feature, node, cut, cut)) this.drawn = drawn;
  }

  /**
   * Tries the cuts of the categories in the order of their share of threats; or a random subset of them, as the
   * extra-trees' paper has it, for a random cut in that order would have seen the labels.
   */
  private tryCategories(feature: number, node: NodeRows, random: Random): void {
    const { present, values, sums } = this.histogram;
    let first = 0;
    let last = values - 1;
    if (this.options.splitter === 'best') sortByThreatShare(present, values, sums);
    else if (values > 1) first = last = drawSubset(present, values, random) - 1;
    if (this.tryCuts(feature, node, first, last)) this.keepSet();
  }

  /** Categories that the node has no rows of go where missing values go. */
  private keepSet(): void {
    const { present, values } = this.histogram;
    this.set = new Uint32Array(setWords);
    const left = present.indexOf(this.code);
    const side = this.missingLeft ? { from: left + 1, to: values } : { from: 0, to: left + 1 };
    for (let i = side.from; i < side.to; i++) addCode(this.set, present[i]);
    if (this.missingLeft) for (let word = 0; word < setWords; word++) this.set[word] = ~this.set[word];
  }

  /** Whether one of the cuts is better than what was found before. */
  private tryCuts(feature: number, node: NodeRows, first: number, last: number): boolean {
    const before = this.impurity;
    this.scan(feature, node, false, first, last);
    if (this.histogram.hasMissing) this.scan(feature, node, true, first, last);
    return this.impurity < before;
  }

  /**
   * Tries a cut after each present code from the `first` to the `last`, the missing values on the given side,
   * and keeps the best. Children of b benign and t threat have a weighted Gini impurity of 2 b t / (b + t) each.
   */
  private scan(feature: number, node: NodeRows, missingLeft: boolean, first: number, last: number): void {
    const { sums, present, rowCounts, values, hasMissing } = this.histogram;
    const { minSamplesLeaf, criterion } = this.options;
    const cuts = Math.min(last + 1, hasMissing && !missingLeft ? values : values - 1);
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
      if (i < first) continue;
      const impurity =
        criterion === 'gini'
          ? (benign * threat) / left + (rightBenign * rightThreat) / right
          : entropy(benign, threat) + entropy(rightBenign, rightThreat);
      if (!(impurity < lowest) || !(right > 0)) continue;
      lowest = impurity;
      this.feature = feature;
      this.code = code;
      this.nextCode = i === values - 1 ? missingCode : present[i + 1];
      this.set = undefined;
      this.missingLeft = hasMissing ? missingLeft : left > right;
      this.leftBenign = benign;
      this.leftThreat = threat;
    }
    this.impurity = lowest;
  }
}

/** Weight times entropy, in nats, of so much weight of two classes; rounding may leave less than nothing. */
function entropy(benign: number, threat: number): number {
  return xLogX(benign + threat) - xLogX(benign) - xLogX(threat);
}

function xLogX(x: number): number {
  return x > 0 ? x * Math.log(x) : 0;
}

export function swap(values: Int32Array, a: number, b: number): void {
  const kept = values[a];
  values[a] = values[b];
  values[b] = kept;
}
