import { Matrix } from '../matrix.js';
import { addByteTrees, type ByteTrees } from './byte-trees.js';
import { addDeepTrees } from './deep-trees.js';
import type { PackedNodes } from './packed-nodes.js';

/** Rows for several threads to score. All arrays of numbers are shared. */
export interface ScoreInput {
  readonly model: ByteTrees | PackedNodes;
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
  readonly out: Float64Array;
  /** Rows that a thread takes at once, and the first that nobody has taken. */
  readonly share: number;
  readonly next: Int32Array;
}

/** Scores shares of the rows until none is left. A row's sum is the same whoever has it. */
export default function scoreShares({ model, rows, columns, data, out, share, next }: ScoreInput): void {
  const x = new Matrix(rows, columns, data);
  for (let from = Atomics.add(next, 0, share); from < rows; from = Atomics.add(next, 0, share)) {
    addTrees(model, x, from, Math.min(rows, from + share), out);
  }
}

/** Adds each tree's leaf value for rows `from` to `to` - 1 to `out`. */
export function addTrees(
  model: ByteTrees | PackedNodes,
  x: Matrix,
  from: number,
  to: number,
  out: Float64Array,
): void {
  return model.kind === 'bytes'
    ? addByteTrees(model, x, from, to, out)
    : addDeepTrees(model, x, from, to, out);
}
