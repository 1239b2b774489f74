import { z } from 'zod';
import type { FeatureSpec } from '../detector/feature-specs.js';
import { ModelStateError } from '../ml/learner.js';
import type { Matrix } from '../ml/matrix.js';
import {
  createEncoder,
  type EncodedColumn,
  type Encoder,
  type EncoderName,
  encoderNames,
} from './encoders.js';
import type { Imputer } from './fill-imputer.js';
import { createImputer, fitImputer, type ImputerName, type ImputerState } from './imputers.js';
import { maxReferenceRows } from './knn-imputer.js';

/** A fitted preprocessor as plain JSON. */
export interface PreprocessorState {
  readonly features: readonly FeatureSpec[];
  readonly imputer: ImputerState;
  readonly encoder: EncoderName;
}

export interface PreprocessorOptions {
  readonly imputer: ImputerName;
  readonly encoder: EncoderName;
  readonly seed: number;
}

/** Turns a detector's features into the columns that its learner was fitted on; saved with the model. */
export class Preprocessor {
  /** The columns that learners see, each with the feature it comes from. */
  readonly columns: readonly EncodedColumn[];
  /** Places of those that hold category codes, as learners want to know. */
  readonly categorical: readonly number[];
  private readonly imputer: Imputer;
  private readonly encoder: Encoder;

  constructor(private readonly state: PreprocessorState) {
    this.imputer = createImputer(state.imputer, state.features);
    this.encoder = createEncoder(state.encoder, state.features);
    this.columns = this.encoder.columns;
    this.categorical = this.encoder.categorical;
  }

  /**
   * Rows x features in, rows x `columns` out; `x` itself where there is nothing to do.
   * @throws RangeError on another number of features.
   */
  transform(x: Matrix): Matrix {
    checkColumns(x, this.state.features);
    return this.encoder.encode(this.imputer.impute(x));
  }

  toState(): PreprocessorState {
    return this.state;
  }
}

/**
 * Fits a preprocessor on the training part: rows x features, categories as codes, NaN for missing.
 * @throws RangeError when there are no rows, another number of columns, or a category without values.
 */
export function fitPreprocessor(
  features: readonly FeatureSpec[],
  x: Matrix,
  { imputer, encoder, seed }: PreprocessorOptions,
): Preprocessor {
  checkColumns(x, features);
  if (x.rows === 0) throw new RangeError('a preprocessor needs at least one row');
  return new Preprocessor({ features, imputer: fitImputer(imputer, features, x, seed), encoder });
}

/** The preprocessor that `toState` described. @throws ModelStateError when `json` cannot be one. */
export function loadPreprocessor(json: unknown): Preprocessor {
  const parsed = stateSchema.safeParse(json);
  if (!parsed.success) throw new ModelStateError(`preprocessor: ${z.prettifyError(parsed.error)}`);
  return new Preprocessor(parsed.data);
}

function checkColumns(x: Matrix, features: readonly FeatureSpec[]): void {
  if (x.columns !== features.length)
    throw new RangeError(`${features.length} features, ${x.columns} columns`);
}

const featureSchema = z
  .strictObject({
    name: z.string().min(1),
    type: z.enum(['integer', 'number', 'category']),
    values: z.array(z.union([z.number(), z.string()])).optional(),
  })
  .refine(
    ({ type, values }) => type !== 'category' || (values?.length ?? 0) > 0,
    'a category lists its values',
  );

const fill = z.array(z.number());
const imputerSchema = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('none') }),
  z.strictObject({ name: z.literal(['median', 'most-frequent']), fill }),
  z.strictObject({ name: z.literal('knn'), fill, rows: z.array(fill).min(1).max(maxReferenceRows) }),
]);

const stateSchema = z
  .strictObject({
    features: z.array(featureSchema).min(1),
    imputer: imputerSchema,
    encoder: z.enum(encoderNames),
  })
  .refine(({ features, imputer }) => {
    const lists = [...('fill' in imputer ? [imputer.fill] : []), ...('rows' in imputer ? imputer.rows : [])];
    return lists.every((list) => list.length === features.length);
  }, 'the imputer has another number of features');
