import type { Contract } from '../detector/contract.js';
import { kindOf } from '../detector/kinds.js';
import type { Matrix } from '../ml/matrix.js';
import type { Prediction } from './prediction.schema.js';

/** Predictions whose records have the columns of a contract; those of an older or newer contract are left out. */
export function ofContract<T extends Pick<Prediction, 'values'>>(
  contract: Contract,
  predictions: readonly T[],
): T[] {
  const { columns } = kindOf(contract);
  return predictions.filter(({ values }) => values.length === columns.length);
}

/** Logged records as a learner sees them: one row a record, one column a feature of the contract; NaN is missing. */
export function featuresOf(
  contract: Contract,
  predictions: readonly Pick<Prediction, 'values'>[],
): Promise<Matrix> {
  const featurizer = kindOf(contract).featurizer();
  for (const { values } of predictions) featurizer.add(values);
  return featurizer.finish();
}
