import type { TaskContext } from '../../compute/compute.service.js';
import { type Contract, allowedValues } from '../../detector/contract.js';
import type { Snapshot } from '../../detector/dataset.js';
import { bootstrapIntervals } from '../../ml/bootstrap.js';
import { type CalibratorState, fitCalibrator } from '../../ml/calibration.js';
import { bandedCurves } from '../../ml/curve-bands.js';
import type { ModelState } from '../../ml/learner.js';
import { Matrix } from '../../ml/matrix.js';
import { confusionMatrix, evaluate } from '../../ml/metrics.js';
import { type ColumnSpec, profileMatrix, type ReferenceProfile } from '../../ml/reference-profile.js';
import { chooseThreshold, type ChosenThreshold, type ThresholdPolicy } from '../../ml/thresholds.js';
import type { SelfTest, Thresholds } from '../../registry/bundle/bundle.js';
import type { Novelty, NoveltyState } from '../../registry/bundle/novelty.js';
import { ScoringModel } from '../../registry/bundle/scoring-model.js';
import type { EvaluationDto, PartMetricsDto } from '../../runs/evaluation.dto.js';
import type { PreprocessorState } from '../../transformation/preprocessor.js';
import { measuredPlaces } from '../../transformation/split-snapshot.js';
import type { Transformation } from '../../transformation/transform.task.js';
import { featureImportance } from './feature-importance.js';

export interface EvaluationInput {
  readonly contract: Contract;
  readonly snapshot: Snapshot;
  readonly transformation: Transformation;
  readonly preprocessor: PreprocessorState;
  readonly model: ModelState;
  /** Uncalibrated probability of each training row by a model that did not see it; anything where no fold measured it. */
  readonly outOfFold: Float64Array;
  readonly seed: number;
  /** Null where the contract does not ask for it. */
  readonly novelty?: NoveltyState | null;
}

export interface Evaluation extends EvaluationDto {
  readonly calibrator: CalibratorState;
  readonly reference: ReferenceProfile;
  readonly selfTest: SelfTest;
}

const selfTestRows = 32;
const steps = 3;

/**
 * Calibrates the winner and chooses its thresholds on out-of-fold predictions, then measures it once on the
 * test part. Metrics that need a threshold use `suspicious`: a record counts as flagged from there on.
 */
export default function evaluateWinner(input: EvaluationInput, { onProgress }: TaskContext): Evaluation {
  const { contract, snapshot, transformation, outOfFold, seed } = input;
  const { train, test, groups, folds } = transformation;
  const x = Matrix.of(snapshot.x);
  const labelsOf = (rows: Int32Array): Uint8Array => Uint8Array.from(rows, (i) => snapshot.y[i]);
  const groupsOf = (rows: Int32Array): Int32Array => rows.map((i) => groups[i]);
  const measure = (y: Uint8Array, p: Float64Array, rows: Int32Array): PartMetricsDto => ({
    metrics: evaluate(y, p, thresholds.suspicious),
    intervals: bootstrapIntervals(y, p, groupsOf(rows), thresholds.suspicious, { seed }),
  });

  const yTrain = labelsOf(train);
  const measured = measuredPlaces(transformation);
  const validated = measured.map((place) => train[place]);
  const yValidated = labelsOf(validated);
  const at = (p: Float64Array): Float64Array => Float64Array.from(measured, (place) => p[place]);
  const crossCalibrated = at(calibrateAcrossFolds(contract, outOfFold, yTrain, folds));
  const sources = snapshot.sources && validated.map((row) => snapshot.sources!.rows[row]);
  const choose = (policy: ThresholdPolicy): ChosenThreshold =>
    chooseThreshold(policy, yValidated, crossCalibrated, sources);
  const policies = {
    suspicious: choose(contract.thresholds.suspicious),
    malicious: choose(contract.thresholds.malicious),
  };
  const thresholds: Thresholds = {
    suspicious: policies.suspicious.threshold,
    malicious: Math.max(policies.suspicious.threshold, policies.malicious.threshold),
  };
  const calibrator = fitCalibrator(contract.calibration, at(outOfFold), yValidated).toState();
  onProgress(1, steps);

  const { preprocessor, model } = input;
  const novelty = input.novelty ?? undefined;
  const scorer = ScoringModel.from({ contract, preprocessor, model, calibrator, thresholds, novelty });
  const xTest = x.take(test);
  const yTest = labelsOf(test);
  const probabilities = scorer.score(xTest);
  const testPart = measure(yTest, probabilities, test);
  const curves = bandedCurves(yTest, probabilities, groupsOf(test), { seed });
  onProgress(2, steps);
  const importance = featureImportance(contract, scorer, xTest, yTest, {
    learner: model.learner,
    seed,
    onProgress: (done, total) => onProgress(2 + done / total, steps),
  });

  return {
    calibrator,
    thresholds,
    policies,
    validation: measure(yValidated, crossCalibrated, validated),
    test: {
      ...testPart,
      confusions: { malicious: confusionMatrix(yTest, probabilities, thresholds.malicious) },
    },
    curves,
    importance,
    reference: profileMatrix(columnSpecs(contract), x.take(train), yTrain),
    selfTest: selfTestOf(xTest, probabilities, scorer.novelty(xTest)),
  };
}

/** Each fold calibrated by the others: what the thresholds are chosen on has not been fitted to itself. */
function calibrateAcrossFolds(
  { calibration }: Contract,
  outOfFold: Float64Array,
  y: Uint8Array,
  folds: readonly Int32Array[],
): Float64Array {
  const calibrated = new Float64Array(outOfFold.length);
  folds.forEach((heldOut, k) => {
    const others = folds.flatMap((places, other) => (other === k ? [] : [...places]));
    const p = Float64Array.from(others, (place) => outOfFold[place]);
    const labels = Uint8Array.from(others, (place) => y[place]);
    const calibrator = fitCalibrator(calibration, p, labels);
    heldOut.forEach((place) => (calibrated[place] = calibrator.applyOne(outOfFold[place])));
  });
  return calibrated;
}

function columnSpecs(contract: Contract): ColumnSpec[] {
  return contract.features.map((feature) => {
    const allowed = allowedValues(feature);
    if (!allowed) return { name: feature.name };
    const values = feature.type === 'category' ? allowed.map((_, code) => code) : allowed.map(Number);
    return { name: feature.name, kind: 'categorical', values, ordered: feature.type !== 'category' };
  });
}

function selfTestOf(x: Matrix, probabilities: Float64Array, novelty: readonly Novelty[] | null): SelfTest {
  const { sparse } = x;
  const count = Math.min(selfTestRows, x.rows);
  const picked = Array.from({ length: count }, (_, k) => Math.floor((k * x.rows) / count));
  return {
    rows: picked.map((i) => Array.from(x.row(i), (value) => (Number.isNaN(value) ? null : value))),
    ...(sparse && {
      ngrams: { buckets: sparse.columns, rows: picked.map((i) => Array.from(sparse.row(i).columns)) },
    }),
    probabilities: picked.map((i) => probabilities[i]),
    ...(novelty && { novelty: picked.map((i) => novelty[i].score) }),
  };
}
