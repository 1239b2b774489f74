import type { TaskContext } from '../../compute/compute.service.js';
import { precisionRecallCurve, rocCurve } from '../../ml/curves.js';

export interface CurvesInput {
  readonly y: Uint8Array;
  /** Of each candidate, one probability a label. */
  readonly probabilities: readonly Float64Array[];
}

export interface Curves {
  readonly roc: ReturnType<typeof rocCurve>;
  readonly precisionRecall: ReturnType<typeof precisionRecallCurve>;
}

/** Enough to draw a curve by; a run holds the curves of all its candidates. */
const maxPoints = 100;

/** The curves of each candidate. */
export default function drawCurves({ y, probabilities }: CurvesInput, { onProgress }: TaskContext): Curves[] {
  return probabilities.map((p, i) => {
    onProgress(i + 1, probabilities.length);
    return { roc: rocCurve(y, p, maxPoints), precisionRecall: precisionRecallCurve(y, p, maxPoints) };
  });
}
