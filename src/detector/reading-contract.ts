import type { Contract } from './contract.js';

/**
 * The contract of a model version as its inputs are read today. What its features are is the version's own; how columns,
 * labels and missing cells are spelled, and how files are read, is what the installation says by now.
 */
export function withSpellingsOf(own: Contract, { features, label, missing, input }: Contract): Contract {
  const aliases = new Map(features.map((feature) => [feature.name, feature.aliases]));
  return {
    ...own,
    label,
    missing,
    input,
    features: own.features.map((feature) => ({
      ...feature,
      aliases: aliases.get(feature.name) ?? feature.aliases,
    })),
  };
}
