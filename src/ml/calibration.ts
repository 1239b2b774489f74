import { checkScores } from './curves.js';
import { ModelStateError } from './learner.js';
import { sigmoid } from './linear/sigmoid.js';

export const calibrationMethods = ['none', 'platt', 'isotonic'] as const;
export type CalibrationMethod = (typeof calibrationMethods)[number];

/** What a calibrator is made of, as plain JSON for the bundle. */
export type CalibratorState =
  | { readonly method: 'none' }
  /** sigmoid(slope * logit(p) + intercept) */
  | { readonly method: 'platt'; readonly slope: number; readonly intercept: number }
  /** Probabilities `to` at `from` (rising), linear between, constant outside. */
  | { readonly method: 'isotonic'; readonly from: readonly number[]; readonly to: readonly number[] };

/** Turns a model's probabilities into calibrated ones. */
export class Calibrator {
  private readonly map: (p: number) => number;

  constructor(private readonly state: CalibratorState) {
    this.map = mapOf(state);
  }

  get method(): CalibrationMethod {
    return this.state.method;
  }

  /** Calibrated probability of one row. */
  applyOne(p: number): number {
    return this.map(p);
  }

  /** Calibrated probabilities, one a row, in a new array. */
  apply(p: Float64Array): Float64Array {
    return p.map((value) => this.map(value));
  }

  toState(): CalibratorState {
    return this.state;
  }
}

/**
 * Fits a calibrator on rows the model was not fitted on.
 *
 * - `platt`: a logistic curve on the log-odds of `p` (Platt 1999), with the targets and Newton's method of Lin, Lin
 *   and Weng (2007). Keeps the ranking (unless the model ranks worse than chance: the slope is then negative).
 * - `isotonic`: the closest rising step function, interpolated, by pooling adjacent violators; scikit-learn's
 *   `IsotonicRegression(out_of_bounds='clip')`. Needs more rows, and maps whole ranges to one value: ranking inside
 *   them is lost, which can move ROC AUC a little.
 *
 * `weights`: one a row, >= 0. @throws RangeError on unequal lengths, values outside [0, 1] or, unless `none`, a
 * missing class.
 */
export function fitCalibrator(
  method: CalibrationMethod,
  p: Float64Array,
  y: Uint8Array,
  weights: ArrayLike<number> = new Float64Array(p.length).fill(1),
): Calibrator {
  if (method === 'none') return new Calibrator({ method });
  checkScores(y, p);
  if (weights.length !== p.length) throw new RangeError(`${weights.length} weights for ${p.length} rows`);
  const weightOf = (label: number): number =>
    y.reduce((sum, v, i) => sum + (v === label ? weights[i] : 0), 0);
  const [benign, threats] = [weightOf(0), weightOf(1)];
  if (!(benign > 0 && threats > 0)) throw new RangeError('calibration needs rows of both classes');
  return new Calibrator(
    method === 'platt' ? fitPlatt(p, y, weights, benign, threats) : fitIsotonic(p, y, weights),
  );
}

/** The calibrator that `toState` described. @throws ModelStateError when `json` cannot be one. */
export function loadCalibrator(json: unknown): Calibrator {
  if (!isState(json)) throw new ModelStateError('calibrator: not a state this version writes');
  return new Calibrator(json);
}

function mapOf(state: CalibratorState): (p: number) => number {
  switch (state.method) {
    case 'none':
      return (p) => p;
    case 'platt':
      return (p) => sigmoid(state.slope * logit(p) + state.intercept);
    case 'isotonic':
      return (p) => interpolate(state.from, state.to, p);
  }
}

/** Forests answer 0 and 1 exactly; beyond 1e-6 log-odds would only measure how many trees there are. */
function logit(p: number): number {
  const clipped = Math.min(1 - 1e-6, Math.max(1e-6, p));
  return Math.log(clipped / (1 - clipped));
}

/** Step sizes, ridge and stopping rule are Lin, Lin and Weng's algorithm 1; the sign of their A and B is turned. */
function fitPlatt(
  p: Float64Array,
  y: Uint8Array,
  weights: ArrayLike<number>,
  benign: number,
  threats: number,
): CalibratorState {
  const scores = p.map(logit);
  const targetOfThreat = (threats + 1) / (threats + 2);
  const targetOfBenign = 1 / (benign + 2);
  const target = (i: number): number => (y[i] === 1 ? targetOfThreat : targetOfBenign);
  const loss = (slope: number, intercept: number): number => {
    let sum = 0;
    for (let i = 0; i < scores.length; i++) {
      const z = slope * scores[i] + intercept;
      // log(1 + e^z) - t z, without overflow
      sum += weights[i] * (Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - target(i) * z);
    }
    return sum;
  };

  let slope = 0;
  let intercept = Math.log((threats + 1) / (benign + 1));
  let current = loss(slope, intercept);
  for (let iteration = 0; iteration < 100; iteration++) {
    let [g1, g2, h11, h12, h22] = [0, 0, 1e-12, 0, 1e-12];
    for (let i = 0; i < scores.length; i++) {
      const q = sigmoid(slope * scores[i] + intercept);
      const gradient = weights[i] * (q - target(i));
      const curvature = weights[i] * q * (1 - q);
      g1 += gradient * scores[i];
      g2 += gradient;
      h11 += curvature * scores[i] ** 2;
      h12 += curvature * scores[i];
      h22 += curvature;
    }
    if (Math.abs(g1) < 1e-5 && Math.abs(g2) < 1e-5) break;
    const determinant = h11 * h22 - h12 * h12;
    const slopeStep = -(h22 * g1 - h12 * g2) / determinant;
    const interceptStep = -(h11 * g2 - h12 * g1) / determinant;
    const descent = g1 * slopeStep + g2 * interceptStep;
    let size = 1;
    let next = loss(slope + slopeStep, intercept + interceptStep);
    while (next >= current + 1e-4 * size * descent && size > 1e-10) {
      size /= 2;
      next = loss(slope + size * slopeStep, intercept + size * interceptStep);
    }
    if (size <= 1e-10) break;
    slope += size * slopeStep;
    intercept += size * interceptStep;
    current = next;
  }
  return { method: 'platt', slope, intercept };
}

/** A run of probabilities that share one fitted value. */
interface Block {
  first: number;
  last: number;
  weight: number;
  value: number;
}

function fitIsotonic(p: Float64Array, y: Uint8Array, weights: ArrayLike<number>): CalibratorState {
  const order = Array.from(p.keys()).sort((a, b) => p[a] - p[b]);
  const blocks: Block[] = [];
  for (const i of order) {
    if (weights[i] === 0) continue;
    const previous = blocks.at(-1);
    if (previous?.first === p[i]) merge(previous, { weight: weights[i], value: y[i] });
    else {
      pool(blocks);
      blocks.push({ first: p[i], last: p[i], weight: weights[i], value: y[i] });
    }
  }
  pool(blocks);
  const from: number[] = [];
  const to: number[] = [];
  for (const { first, last, value } of blocks) {
    from.push(first);
    to.push(value);
    if (last > first) {
      from.push(last);
      to.push(value);
    }
  }
  return { method: 'isotonic', from, to };
}

/** Merges the last block into those before it for as long as they do not rise. */
function pool(blocks: Block[]): void {
  while (blocks.length > 1 && blocks[blocks.length - 2].value >= blocks[blocks.length - 1].value) {
    const violator = blocks.pop()!;
    const into = blocks[blocks.length - 1];
    merge(into, violator);
    into.last = violator.last;
  }
}

function merge(into: Block, other: { weight: number; value: number }): void {
  const weight = into.weight + other.weight;
  into.value = (into.value * into.weight + other.value * other.weight) / weight;
  into.weight = weight;
}

function interpolate(from: readonly number[], to: readonly number[], p: number): number {
  const last = from.length - 1;
  if (p <= from[0]) return to[0];
  if (p >= from[last]) return to[last];
  let [low, high] = [0, last];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (from[middle] <= p) low = middle;
    else high = middle;
  }
  return to[low] + ((to[high] - to[low]) * (p - from[low])) / (from[high] - from[low]);
}

function isState(json: unknown): json is CalibratorState {
  if (typeof json !== 'object' || json === null || !('method' in json)) return false;
  const { method, slope, intercept, from, to } = json as Record<string, unknown>;
  if (method === 'platt') return Number.isFinite(slope) && Number.isFinite(intercept);
  if (method === 'isotonic') {
    const rises = (values: number[], strictly: boolean): boolean =>
      values.every(
        (v, i) => v >= 0 && v <= 1 && (i === 0 || v > values[i - 1] || (!strictly && v === values[i - 1])),
      );
    return (
      isNumbers(from) && isNumbers(to) && from.length === to.length && rises(from, true) && rises(to, false)
    );
  }
  return method === 'none';
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.length > 0 && value.every((v) => typeof v === 'number');
}
