import { addTransposed, scoresOf, type Table } from './products.js';
import { sigmoid } from './sigmoid.js';

/** Coefficients (the intercept last, if there is one), the log-odds they give, and the objective there. */
export interface Point {
  readonly coefficients: Float64Array;
  readonly scores: Float64Array;
  readonly value: number;
}

/**
 * scikit-learn's objective divided by `C * sum of weights`: `0.5 penalty w'w` and the weighed mean of the rows' log
 * losses, the intercept unpenalised.
 */
export class Objective {
  /** Coefficients, with the intercept. */
  readonly size: number;
  readonly penalty: number;
  /** Shares of the rows; they add up to 1. */
  private readonly share: Float64Array;

  constructor(
    readonly x: Table,
    private readonly y: Uint8Array,
    weight: Float64Array,
    C: number,
    fitIntercept: boolean,
  ) {
    const total = weight.reduce((sum, w) => sum + w, 0);
    this.size = x.columns + (fitIntercept ? 1 : 0);
    this.penalty = 1 / (C * total);
    this.share = weight.map((w) => w / total);
  }

  get hasIntercept(): boolean {
    return this.size > this.x.columns;
  }

  interceptOf(coefficients: Float64Array): number {
    return this.hasIntercept ? coefficients[this.x.columns] : 0;
  }

  origin(): Point {
    return this.point(new Float64Array(this.size), new Float64Array(this.x.rows));
  }

  /** Where `share` of `step` leads, `along` being the log-odds that the whole step adds. */
  after(from: Point, step: Float64Array, along: Float64Array, share: number): Point {
    const move = (values: Float64Array, by: Float64Array): Float64Array =>
      values.map((value, i) => value + share * by[i]);
    return this.point(move(from.coefficients, step), move(from.scores, along));
  }

  /** The log-odds of each row, which are linear in the coefficients. */
  scores(coefficients: Float64Array): Float64Array {
    return scoresOf(this.x, coefficients, this.interceptOf(coefficients));
  }

  gradient({ coefficients, scores }: Point): Float64Array {
    const { x, y, share, penalty } = this;
    const residual = scores.map((score, i) => share[i] * (sigmoid(score) - y[i]));
    const gradient = coefficients.map((coefficient) => penalty * coefficient);
    if (this.hasIntercept) gradient[x.columns] = residual.reduce((sum, r) => sum + r, 0);
    addTransposed(x, residual, gradient);
    return gradient;
  }

  /** Second derivative of each row's loss by its log-odds. */
  curvature({ scores }: Point): Float64Array {
    return scores.map((score, i) => {
      const p = sigmoid(score);
      return this.share[i] * p * (1 - p);
    });
  }

  private point(coefficients: Float64Array, scores: Float64Array): Point {
    const { x, y, share } = this;
    let squares = 0;
    for (let j = 0; j < x.columns; j++) squares += coefficients[j] * coefficients[j];
    let value = 0.5 * this.penalty * squares;
    for (let i = 0; i < scores.length; i++) {
      const score = scores[i];
      const loss = Math.max(score, 0) - y[i] * score + Math.log1p(Math.exp(-Math.abs(score)));
      value += share[i] * loss;
    }
    return { coefficients, scores, value };
  }
}
