import { type ForestNodes, goesLeft, isCategorical } from './forest/nodes.js';

/** Splits whose outcomes go into one number. */
const mostSplits = 30;
/** Numbers kept of all trees together: 16 MB. */
const mostKept = 2 ** 21;

interface SmallTree {
  /** Its splits are the memo's from here on, and end before `end`. */
  readonly start: number;
  readonly end: number;
  /** That the splits ask for, each once. */
  readonly columns: Int32Array;
  /** By the outcomes of all splits: where what the tree gives to each column is kept. */
  readonly known: Map<number, number>;
}

/** Works out what one tree gives to each column of a row: adds to `values`, one a column. */
export type ExplainTree = (tree: number, values: Float64Array) => void;

/**
 * What a tree gives to the columns of a row depends on the outcomes of its splits alone, and of those rows have few
 * combinations: most are seen again within some hundred rows. So each is worked out once.
 */
export class ShapMemo {
  private readonly scratch: Float64Array;
  /** Column and threshold of each split, side by side: a row asks for all of them. */
  private readonly asked: Int32Array;
  private readonly thresholds: Float64Array;
  private readonly hasCategories: boolean;
  /** One array for all, since a row looks at hundreds of places in it. */
  private kept = new Float64Array(2 ** 12);
  private size = 0;

  private constructor(
    private readonly nodes: ForestNodes,
    private readonly splits: Int32Array,
    private readonly trees: readonly SmallTree[],
    columns: number,
  ) {
    this.scratch = new Float64Array(columns);
    this.asked = splits.map((node) => nodes.feature[node]);
    this.thresholds = Float64Array.from(splits, (node) => nodes.threshold[node]);
    this.hasCategories = splits.some((node) => (nodes.flags[node] & isCategorical) !== 0);
  }

  /** Null where a tree has too many splits. */
  static of(nodes: ForestNodes, columns: number): ShapMemo | null {
    const { starts, feature } = nodes;
    const splits: number[] = [];
    const trees: SmallTree[] = [];
    for (let tree = 0; tree + 1 < starts.length; tree++) {
      const start = splits.length;
      for (let node = starts[tree]; node < starts[tree + 1]; node++)
        if (feature[node] >= 0) splits.push(node);
      if (splits.length - start > mostSplits) return null;
      const asked = new Set(splits.slice(start).map((node) => feature[node]));
      trees.push({ start, end: splits.length, columns: Int32Array.from(asked), known: new Map() });
    }
    return new ShapMemo(nodes, Int32Array.from(splits), trees, columns);
  }

  /** Adds the contributions of one row to `values`, one a column. */
  add(row: Float64Array, values: Float64Array, explain: ExplainTree): void {
    const isPlain = !this.hasCategories && !row.some(Number.isNaN);
    for (let tree = 0; tree < this.trees.length; tree++) {
      const { start, end, columns, known } = this.trees[tree];
      const outcome = isPlain ? this.plainOutcome(start, end, row) : this.outcome(start, end, row);
      let at = known.get(outcome);
      if (at === undefined) {
        at = this.workOut(tree, explain);
        known.set(outcome, at);
      }
      const { kept } = this;
      for (let i = 0; i < columns.length; i++) values[columns[i]] += kept[at + i];
    }
  }

  /** Bit by bit whether the row goes left at the splits. */
  private outcome(start: number, end: number, row: Float64Array): number {
    const { nodes, splits, asked } = this;
    let outcome = 0;
    for (let i = start; i < end; i++) {
      if (goesLeft(nodes, splits[i], row[asked[i]])) outcome |= 1 << (i - start);
    }
    return outcome;
  }

  /** The same for a row of numbers only, none of them missing. */
  private plainOutcome(start: number, end: number, row: Float64Array): number {
    const { asked, thresholds } = this;
    let outcome = 0;
    for (let i = start; i < end; i++) {
      if (row[asked[i]] <= thresholds[i]) outcome |= 1 << (i - start);
    }
    return outcome;
  }

  /** Where what the tree gives to its columns is kept from now on. */
  private workOut(tree: number, explain: ExplainTree): number {
    const { columns } = this.trees[tree];
    for (const column of columns) this.scratch[column] = 0;
    explain(tree, this.scratch);
    const at = this.reserve(columns.length);
    columns.forEach((column, i) => (this.kept[at + i] = this.scratch[column]));
    return at;
  }

  private reserve(count: number): number {
    if (this.size + count > mostKept) {
      for (const { known } of this.trees) known.clear();
      this.size = 0;
    }
    const at = this.size;
    this.size += count;
    if (this.size > this.kept.length) {
      const larger = new Float64Array(2 * this.kept.length);
      larger.set(this.kept);
      this.kept = larger;
    }
    return at;
  }
}
