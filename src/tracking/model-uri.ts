import { RequestInvalidError } from '../common/errors.js';

/** A version of a registered model, by its number or by an alias. */
export type ModelUri = { readonly name: string } & (
  | { readonly version: string; readonly alias?: undefined }
  | { readonly alias: string; readonly version?: undefined }
);

/** Reads a model's address as MLflow writes it. @throws RequestInvalidError */
export function parseModelUri(text: string): ModelUri {
  const [, name, version, alias] = /^models:\/([^/:@]+)(?:\/([1-9]\d{0,8})|@([\w.-]+))$/.exec(text) ?? [];
  if (version !== undefined) return { name, version };
  if (alias !== undefined) return { name, alias };
  throw new RequestInvalidError(
    [{ path: text, message: 'must be models:/<name>@<alias> or models:/<name>/<version>' }],
    'That is no address of a registered version.',
  );
}
