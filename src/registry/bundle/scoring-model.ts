import type { Contract } from '../../detector/contract.js';
import { type Calibrator, loadCalibrator } from '../../ml/calibration.js';
import { loadModel } from '../../ml/factory.js';
import type { Contributions, Model } from '../../ml/learner.js';
import { Matrix } from '../../ml/matrix.js';
import { loadPreprocessor, type Preprocessor } from '../../transformation/preprocessor.js';
import { BundleDamagedError } from '../registry.errors.js';
import type { ModelBundle, Thresholds } from './bundle.js';

export const verdicts = ['benign', 'suspicious', 'malicious'] as const;
export type VerdictName = (typeof verdicts)[number];

/** A probability may differ by this much between two machines' floating-point units. */
const selfTestTolerance = 1e-12;

/**
 * A model version ready to score: preprocessor, learner and calibration in a row. The evaluation and the
 * service both score through this class, so they cannot disagree.
 */
export class ScoringModel {
  private constructor(
    readonly contract: Contract,
    private readonly preprocessor: Preprocessor,
    private readonly model: Model,
    private readonly calibrator: Calibrator,
    readonly thresholds: Thresholds,
  ) {}

  /** @throws BundleDamagedError, RangeError or the parts' own errors when a part cannot be loaded. */
  static from(
    bundle: Pick<ModelBundle, 'contract' | 'preprocessor' | 'model' | 'calibrator' | 'thresholds'>,
  ): ScoringModel {
    return new ScoringModel(
      bundle.contract,
      loadPreprocessor(bundle.preprocessor),
      loadModel(bundle.model),
      loadCalibrator(bundle.calibrator),
      bundle.thresholds,
    );
  }

  /** Loads a whole bundle and lets it score its self-test rows. @throws BundleDamagedError */
  static verified(bundle: ModelBundle): ScoringModel {
    let model: ScoringModel;
    try {
      model = ScoringModel.from(bundle);
    } catch (error) {
      throw new BundleDamagedError(error instanceof Error ? error.message : String(error));
    }
    const rows = bundle.selfTest.rows.map((row) => row.map((value) => value ?? NaN));
    const scored = model.score(Matrix.fromRows(rows, bundle.contract.features.length));
    const off = scored.findIndex(
      (p, i) => !(Math.abs(p - bundle.selfTest.probabilities[i]) <= selfTestTolerance),
    );
    if (off >= 0) throw new BundleDamagedError(`it does not reproduce its self-test (row ${off})`);
    return model;
  }

  /** Calibrated probability of threat, one a row. `x`: rows x features of the contract, NaN is missing. */
  score(x: Matrix): Float64Array {
    return this.calibrator.apply(this.model.predict(this.preprocessor.transform(x)));
  }

  verdictOf(probability: number): VerdictName {
    if (probability >= this.thresholds.malicious) return 'malicious';
    return probability >= this.thresholds.suspicious ? 'suspicious' : 'benign';
  }

  /**
   * What each feature of the contract added to one row's uncalibrated score. Encoded columns are summed back
   * into the feature that they come from.
   */
  explain(row: Float64Array): Contributions {
    const encoded = this.preprocessor.transform(Matrix.fromRows([row]));
    const { base, values } = this.model.explain(encoded.row(0));
    const byFeature = new Float64Array(this.contract.features.length);
    this.preprocessor.columns.forEach(({ source }, j) => (byFeature[source] += values[j]));
    return { base, values: byFeature };
  }
}
