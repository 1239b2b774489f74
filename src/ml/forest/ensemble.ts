import { checkColumns, type Contributions } from '../learner.js';
import type { Matrix } from '../matrix.js';
import type { Team } from '../parallel/team.js';
import { TreeSums } from '../scoring/tree-sums.js';
import { TreeExplainer } from '../tree-shap.js';
import type { ForestNodes } from './nodes.js';

/** Trees whose mean leaf value is the raw output. */
export class TreeEnsemble {
  private readonly sums: TreeSums;
  private explainer: TreeExplainer | undefined;

  constructor(
    readonly nodes: ForestNodes,
    readonly columns: number,
  ) {
    this.sums = new TreeSums(nodes, columns);
  }

  /**
   * Mean leaf value of the trees, one a row.
   * @param team threads that may help
   * @throws RangeError on another number of columns
   */
  mean(x: Matrix, team?: Team): Float64Array {
    checkColumns(x, this.columns);
    const out = new Float64Array(x.rows);
    this.sums.add(x, out, team);
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
