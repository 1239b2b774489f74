import { type Contributions, type LearnerName, type Model, type ModelState, stateCount } from '../learner.js';
import type { Matrix } from '../matrix.js';
import type { Team } from '../parallel/team.js';
import { TreeEnsemble } from './ensemble.js';
import { checkNodes, type ForestNodes, nodesOfState } from './nodes.js';

/**
 * A fitted forest, or a single tree: the probability is the mean of the leaves' shares. Contributions are exact
 * TreeSHAP values of it.
 */
export class ForestModel implements Model {
  private readonly trees: TreeEnsemble;

  constructor(
    readonly learner: LearnerName,
    nodes: ForestNodes,
    readonly columns: number,
  ) {
    this.trees = new TreeEnsemble(nodes, columns);
  }

  /** @throws ModelStateError when the state is not a forest whose every walk ends at a leaf */
  static fromState(state: ModelState): ForestModel {
    const columns = stateCount(state, 'columns');
    const nodes = nodesOfState(state);
    checkNodes(nodes, columns);
    return new ForestModel(state.learner, nodes, columns);
  }

  predict(x: Matrix, team?: Team): Float64Array {
    return this.trees.mean(x, team);
  }

  explain(row: Float64Array): Contributions {
    return this.trees.explain(row);
  }

  toState(): ModelState {
    return { learner: this.learner, meta: { columns: this.columns }, arrays: { ...this.trees.nodes } };
  }
}
