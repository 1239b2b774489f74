import { type ForestNodes, goesLeft } from './forest/nodes.js';

/** Splits whose outcomes go into one number. */
const mostSplits = 30;
/** Outcomes kept of all trees together: some 30 MB with trees of 15 leaves. */
const mostEntries = 2 ** 17;

interface SmallTree {
  readonly splits: Int32Array;
  /** That the splits ask for, each once. */
  readonly columns: Int32Array;
  /** By the outcomes of all splits: what the tree gives to each column. */
  readonly known: Map<number, Float64Array>;
}

/** Works out what one tree gives to each column of a row: adds to `values`, one a column. */
export type ExplainTree = (tree: number, values: Float64Array) => void;

/**
 * What a tree gives to the columns of a row depends on the outcomes of its splits alone, and of those rows have few
 * combinations: most are seen again within some hundred rows. So each is worked out once.
 */
export class ShapMemo {
  private readonly scratch: Float64Array;
  private entries = 0;

  private constructor(
    private readonly nodes: ForestNodes,
    private readonly trees: readonly SmallTree[],
    columns: number,
  ) {
    this.scratch = new Float64Array(columns);
  }

  /** Null where a tree has too many splits. */
  static of(nodes: ForestNodes, columns: number): ShapMemo | null {
    const { starts, feature } = nodes;
    const trees: SmallTree[] = [];
    for (let tree = 0; tree + 1 < starts.length; tree++) {
      const splits = rangeOf(starts[tree], starts[tree + 1]).filter((node) => feature[node] >= 0);
      if (splits.length > mostSplits) return null;
      const asked = new Set(splits.map((node) => feature[node]));
      trees.push({ splits, columns: Int32Array.from(asked), known: new Map() });
    }
    return new ShapMemo(nodes, trees, columns);
  }

  /** Adds the contributions of one row to `values`, one a column. */
  add(row: Float64Array, values: Float64Array, explain: ExplainTree): void {
    this.trees.forEach(({ splits, columns, known }, tree) => {
      const outcome = this.outcomeOf(splits, row);
      let given = known.get(outcome);
      if (!given) {
        given = this.workOut(tree, columns, explain);
        if (this.entries++ === mostEntries) this.forget();
        known.set(outcome, given);
      }
      for (let i = 0; i < columns.length; i++) values[columns[i]] += given[i];
    });
  }

  private outcomeOf(splits: Int32Array, row: Float64Array): number {
    const { nodes } = this;
    let outcome = 0;
    for (let i = 0; i < splits.length; i++) {
      if (goesLeft(nodes, splits[i], row[nodes.feature[splits[i]]])) outcome |= 1 << i;
    }
    return outcome;
  }

  private workOut(tree: number, columns: Int32Array, explain: ExplainTree): Float64Array {
    for (const column of columns) this.scratch[column] = 0;
    explain(tree, this.scratch);
    return Float64Array.from(columns, (column) => this.scratch[column]);
  }

  private forget(): void {
    for (const { known } of this.trees) known.clear();
    this.entries = 1;
  }
}

function rangeOf(from: number, to: number): Int32Array {
  return Int32Array.from({ length: to - from }, (_, i) => from + i);
}
