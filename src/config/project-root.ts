import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout or package folder: two levels above this file, in `src` and in `dist` alike. */
export const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

const packageJson = JSON.parse(readFileSync(resolve(projectRoot, 'package.json'), 'utf8')) as {
  version: string;
};

/** The version of this code, as it goes into runs, model versions and the OpenAPI document. */
export const codeVersion = packageJson.version;
