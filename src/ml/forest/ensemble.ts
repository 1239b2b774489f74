import { checkColumns, type Contributions } from '../learner.js';
import type { Matrix } from '../matrix.js';
import { TreeExplainer } from '../tree-shap.js';
import type { ForestNodes } from './nodes.js';
import { ForestWalker } from './walker.js';

/** Rows that go through the trees together: a tree's nodes stay in the cache for all of them. */
const blockRows = 1024;

/** Trees whose mean leaf value is the raw output. */
export class TreeEnsemble {
  private readonly walker: ForestWalker;
  private explainer: TreeExplainer | undefined;

  constructor(
    readonly nodes: ForestNodes,
    readonly columns: number,
  ) {
    this.walker = new ForestWalker(nodes);
  }

  /** Mean leaf value of the trees, one a row. @throws RangeError on another number of columns */
  mean(x: Matrix): Float64Array {
    checkColumns(x, this.columns);
    const out = new Float64Array(x.rows);
    const block = new Float64Array(Math.min(x.rows, blockRows) * x.columns);
    for (let from = 0; from < x.rows; from += blockRows) {
      const rows = Math.min(blockRows, x.rows - from);
      gatherRows(x, from, rows, block);
      this.walker.addTrees(block, this.columns, out.subarray(from, from + rows));
    }
    const trees = this.nodes.starts.length - 1;
    for (let i = 0; i < out.length; i++) out[i] /= trees;
    return out;
  }

  /** Exact TreeSHAP values of that mean for one row. @throws RangeError on another number of columns */
  explain(row: Float64Array): Contributions {
    checkColumns({ columns: row.length }, this.columns);
    this.explainer ??= new TreeExplainer(this.nodes, this.columns);
    return this.explainer.explain(row);
  }
}

function gatherRows(x: Matrix, from: number, rows: number, block: Float64Array): void {
  for (let j = 0; j < x.columns; j++) {
    const column = j * x.rows + from;
    for (let i = 0; i < rows; i++) block[i * x.columns + j] = x.data[column + i];
  }
}
