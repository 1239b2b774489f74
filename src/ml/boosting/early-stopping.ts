import type { Matrix } from '../matrix.js';
import { meanLogLoss } from './log-loss.js';
import type { BoostedTree } from './tree.js';

/** Rows with their labels and weights. */
export interface Part {
  readonly x: Matrix;
  readonly y: Uint8Array;
  readonly weight: Float64Array;
}

export function takePart({ x, y, weight }: Part, rows: Int32Array): Part {
  return {
    x: x.take(rows),
    y: Uint8Array.from(rows, (row) => y[row]),
    weight: Float64Array.from(rows, (row) => weight[row]),
  };
}

/** Watches the log loss of rows that no tree is grown on. */
export class EarlyStopping {
  private readonly scores: Float64Array;
  private readonly rows: Int32Array;
  private readonly losses: number[];

  /**
   * @param score what all rows begin with
   * @param patience rounds without a loss that is lower by more than `tol`
   */
  constructor(
    private readonly part: Part,
    score: number,
    private readonly patience: number,
    private readonly tol: number,
  ) {
    this.scores = new Float64Array(part.y.length).fill(score);
    this.rows = Int32Array.from(part.y.keys());
    this.losses = [this.loss()];
  }

  /** Takes the round's tree in; whether none of the last rounds brought the loss down, as in scikit-learn. */
  isOver(tree: BoostedTree): boolean {
    tree.addTo(this.scores, this.part.x, this.rows);
    this.losses.push(this.loss());
    const before = this.losses.at(-1 - this.patience);
    return (
      before !== undefined && this.losses.slice(-this.patience).every((loss) => loss >= before - this.tol)
    );
  }

  private loss(): number {
    return meanLogLoss(this.scores, this.part.y, this.part.weight);
  }
}
