import { allowedValues, type Contract, type Feature } from './contract.js';

/** What the numeric parts need to know of a feature: how it is called, what kind it is, which values it may have. */
export interface FeatureSpec {
  readonly name: string;
  readonly type: Feature['type'];
  /** As they stand in a matrix: numbers, or the codes 0, 1, … of a category. */
  readonly values?: readonly (number | string)[];
}

export function featureSpecs(contract: Contract): FeatureSpec[] {
  return contract.features.map((feature) => {
    const values = allowedValues(feature);
    return { name: feature.name, type: feature.type, ...(values && { values }) };
  });
}
