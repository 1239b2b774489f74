import { pieceRows } from './fit-memory.js';
import type { Fit } from './fit.js';
import { GradientScale, priorLogOdds } from './log-loss.js';
import { steps } from './steps.js';

/** The weighted binary log loss of a fit's scores, in log-odds: its derivatives, round after round. */
export class LogLoss {
  /** What all rows begin with. */
  readonly intercept: number;
  /** Score of each row. */
  readonly scores: Float64Array;
  private readonly scale = new GradientScale();
  private readonly sums: Float64Array;

  constructor(
    private readonly fit: Fit,
    y: Uint8Array,
    weight: Float64Array,
  ) {
    const { memory, at, rows } = fit.shared;
    const { buffer } = memory;
    this.intercept = priorLogOdds(y, weight);
    this.scores = new Float64Array(buffer, at.scores, rows).fill(this.intercept);
    this.sums = new Float64Array(buffer, at.sums, 2 * Math.ceil(rows / pieceRows));
    new Uint8Array(buffer, at.y, rows).set(y);
    new Float64Array(buffer, at.weight, rows).set(weight);
  }

  /** Derives and packs the gradients at the scores; returns their scale. */
  update(): GradientScale {
    const { fit, sums, scale } = this;
    const { rows } = fit.shared;
    fit.do(steps.derive, 8 * rows);
    let [gradients, hessians] = [0, 0];
    for (let i = 0; i < sums.length; i += 2) {
      gradients += sums[i];
      hessians += sums[i + 1];
    }
    scale.fit(gradients, hessians, rows);
    fit.set('gradientScale', scale.gradient);
    fit.set('hessianScale', scale.hessian);
    fit.do(steps.pack, 3 * rows);
    return scale;
  }
}
