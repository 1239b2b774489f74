import { toError } from '../../common/errors.js';
import type { Contract } from '../../detector/contract.js';
import { type Calibrator, loadCalibrator } from '../../ml/calibration.js';
import { loadModel } from '../../ml/factory.js';
import { CsrMatrix, type SparseRow } from '../../ml/csr-matrix.js';
import type { Contributions, Model } from '../../ml/learner.js';
import { Matrix } from '../../ml/matrix.js';
import { loadPreprocessor, type Preprocessor } from '../../transformation/preprocessor.js';
import { BundleDamagedError } from '../registry.errors.js';
import type { ModelBundle, SelfTest, Thresholds } from './bundle.js';
import { type Novelty, NoveltyModel } from './novelty.js';

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
    private readonly strangeness: NoveltyModel | null,
  ) {}

  /** @throws BundleDamagedError, RangeError or the parts' own errors when a part cannot be loaded. */
  static from(
    bundle: Pick<
      ModelBundle,
      'contract' | 'preprocessor' | 'model' | 'calibrator' | 'thresholds' | 'novelty'
    >,
  ): ScoringModel {
    return new ScoringModel(
      bundle.contract,
      loadPreprocessor(bundle.preprocessor),
      loadModel(bundle.model),
      loadCalibrator(bundle.calibrator),
      bundle.thresholds,
      bundle.novelty ? NoveltyModel.from(bundle.novelty) : null,
    );
  }

  /** Loads a whole bundle and lets it score its self-test rows. @throws BundleDamagedError whatever is wrong with it */
  static verified(bundle: ModelBundle): ScoringModel {
    try {
      checkThresholds(bundle.thresholds);
      if (bundle.contract.novelty && !bundle.novelty) throw new BundleDamagedError('it lacks its novelty');
      const model = ScoringModel.from(bundle);
      checkSelfTest(model, bundle.selfTest);
      return model;
    } catch (error) {
      if (error instanceof BundleDamagedError) throw error;
      throw new BundleDamagedError(toError(error).message);
    }
  }

  /** Calibrated probability of threat, one a row. `x`: rows x features of the contract, NaN is missing. */
  score(x: Matrix): Float64Array {
    return this.calibrator.apply(this.model.predict(this.preprocessor.transform(x)));
  }

  /** How unlike the training part each row is; null where the contract did not ask for it. `x` as for `score`. */
  novelty(x: Matrix): Novelty[] | null {
    return this.strangeness && this.strangeness.score(this.preprocessor.transform(x));
  }

  /** How many rows novelty was learned from; null where there is none. */
  get noveltyRows(): number | null {
    return this.strangeness?.rows ?? null;
  }

  /** @param thresholds the model's own where absent */
  verdictOf(probability: number, { suspicious, malicious }: Thresholds = this.thresholds): VerdictName {
    if (probability >= malicious) return 'malicious';
    return probability >= suspicious ? 'suspicious' : 'benign';
  }

  /**
   * What each feature of the contract added to one row's uncalibrated score. Encoded columns are summed back
   * into the feature that they come from.
   * @param sparse its n-grams, for models that look at them
   */
  explain(row: Float64Array, sparse?: SparseRow): Contributions {
    return this.byFeature(this.model.explain(this.encode(row), sparse));
  }

  /**
   * What each feature of the contract added to the binary logarithm of one row's novelty score: above 0 makes it
   * unusual. Null where there is no novelty.
   */
  explainNovelty(row: Float64Array): Contributions | null {
    return this.strangeness && this.byFeature(this.strangeness.explain(this.encode(row)));
  }

  private encode(row: Float64Array): Float64Array {
    return this.preprocessor.transform(Matrix.fromRows([row])).row(0);
  }

  private byFeature({ values, ...rest }: Contributions): Contributions {
    const sums = new Float64Array(this.contract.features.length);
    this.preprocessor.columns.forEach(({ source }, j) => (sums[source] += values[j]));
    return { ...rest, values: sums };
  }
}

/** Against a threshold that is no number every record would be benign. */
function checkThresholds({ suspicious, malicious }: Thresholds): void {
  if (!(suspicious >= 0 && suspicious <= malicious && malicious <= 1)) {
    throw new BundleDamagedError(`its thresholds are ${suspicious} and ${malicious}`);
  }
}

/** The rows of a self-test as the model takes them: NaN is missing. */
export function selfTestRows({ rows, ngrams }: Pick<SelfTest, 'rows' | 'ngrams'>, columns: number): Matrix {
  const values = rows.map((row) => row.map((value) => value ?? NaN));
  const { data } = Matrix.fromRows(values, columns);
  return new Matrix(rows.length, columns, data, ngrams && CsrMatrix.ofUnitRows(ngrams.buckets, ngrams.rows));
}

function checkSelfTest(model: ScoringModel, selfTest: SelfTest): void {
  const { rows, probabilities, novelty = [] } = selfTest;
  if (rows.length === 0) throw new BundleDamagedError('its self-test has no rows');
  const x = selfTestRows(selfTest, model.contract.features.length);
  const off = model.score(x).findIndex((p, i) => !(Math.abs(p - probabilities[i]) <= selfTestTolerance));
  if (off >= 0) throw new BundleDamagedError(`it does not reproduce its self-test (row ${off})`);
  const strange = model.novelty(x);
  const other = strange?.findIndex(({ score }, i) => !(Math.abs(score - novelty[i]) <= selfTestTolerance));
  if (other !== undefined && other >= 0) {
    throw new BundleDamagedError(`it does not reproduce the novelty of its self-test (row ${other})`);
  }
}
