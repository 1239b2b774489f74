import type { ModelVersion } from '../registry/model-version.schema.js';

/** Name of a version's bundle among its files. */
export function bundleFile({ detector }: Pick<ModelVersion, 'detector'>): string {
  return `${detector}.bundle`;
}

/**
 * What stands in the `MLmodel` beside a bundle (MLflow's "MLmodel configuration"): what it is, takes and gives.
 * Without `required` or `optional` in the signature: each makes one line of servers answer 500.
 * @param place where the files are: the run, their folder below it or whole address, the logged model if there is one
 */
export function mlmodel(
  version: ModelVersion,
  place: { readonly run_id: string; readonly artifact_path: string; readonly model_id?: string },
): object {
  const outputs = [
    { type: 'string', name: 'verdict' },
    { type: 'double', name: 'probability' },
  ];
  return {
    ...place,
    flavors: { netwarden: { data: bundleFile(version), runtime: 'node', learner: version.learner } },
    model_uuid: place.model_id ?? version.sha256.slice(0, 32),
    utc_time_created: version.createdAt.toISOString().replace('T', ' ').replace('Z', '000'),
    signature: { inputs: JSON.stringify(columns(version)), outputs: JSON.stringify(outputs) },
  };
}

/** MLflow's types of the columns that a version takes. */
export function columns({ signature }: Pick<ModelVersion, 'signature'>): { type: string; name: string }[] {
  const types: Readonly<Record<string, string>> = { integer: 'long', number: 'double', boolean: 'boolean' };
  return signature.map(({ name, type }) => ({ type: types[type] ?? 'string', name }));
}
