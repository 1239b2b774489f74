import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Furnished } from './furnished.js';
import { projectRoot } from './running.js';

/** A private Python environment, made by `npm run test:install`. */
const environment = join(projectRoot, '.data', 'schemathesis');
const hooks = join(projectRoot, 'test', 'support', 'schemathesis_hooks.py');

/** How it sends, and how much: with this many cases it takes less than a minute and a half on two cores. */
const settings = `
workers = 2
request-timeout = 30
continue-on-failure = true
suppress-health-check = ["all"]
warnings = false
[generation]
max-examples = 20
# What failed is shown as it was found: to make it smaller takes longer than all the rest.
no-shrink = true
database = "none"
[phases.coverage]
# QUERY is left out: Node's parser of the 20 line does not know the word, and refuses it before any route is found.
unexpected-methods = ["GET", "PUT", "POST", "DELETE", "OPTIONS", "PATCH", "TRACE"]
[phases.stateful]
max-steps = 6
[output.sanitization]
# The key is worth nothing when the test is over, and without it nobody could send the request again.
enabled = false
[output.truncation]
enabled = false
[cache]
enabled = false
`;

const withoutModel = 'checks = { not_a_server_error = { expected-statuses = ["2xx", "3xx", "4xx", 503] } }';

export interface Outcome {
  readonly code: number | null;
  /** All that it printed: its failures, each with a line for curl. */
  readonly output: string;
}

export function hasSchemathesis(): boolean {
  return existsSync(join(environment, 'complete'));
}

/** Lets schemathesis loose on a server, as an admin who knows the ids of what is there. */
export function runSchemathesis(furnished: Furnished, checks: readonly string[], seed = 1): Promise<Outcome> {
  const { server, sandbox, keys } = furnished.guarded;
  const config = join(sandbox.folder, 'schemathesis.toml');
  // What Python compiles of it stays where it is.
  const copiedHooks = join(sandbox.folder, 'schemathesis_hooks.py');
  copyFileSync(hooks, copiedHooks);
  writeFileSync(config, `hooks = ${JSON.stringify(copiedHooks)}\n${configuration(furnished, keys.admin)}`);
  const child = spawn(
    join(environment, 'bin', 'schemathesis'),
    [
      ...['--config-file', config, 'run', `${server.url}/docs/openapi.json`, '--no-color'],
      ...['--phases', 'examples,coverage,fuzzing,stateful', '--seed', `${seed}`, '--checks', checks.join()],
    ],
    { cwd: sandbox.folder, env: { PATH: process.env.PATH, HOME: sandbox.folder, NO_PROXY: '*' } },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', (code) => done({ code, output }));
  });
}

function configuration({ furniture: { ids } }: Furnished, key: string): string {
  const dictionaries = {
    detectors: ['phishing-website', 'url', 'network-flow'],
    versions: [1, 2],
    pairs: ['1,2', '2,1'],
    runs: [ids.run],
    batches: [ids.batch],
    predictions: [ids.prediction],
    entries: [ids.listEntry],
    // The key in use is not among them: it has to last.
    keys: ids.keys,
  };
  const idsOf: readonly (readonly [string, keyof typeof dictionaries])[] = [
    ['/v1/training-runs/{id}', 'runs'],
    ['/v1/data/{detector}/batches/{id}', 'batches'],
    ['/v1/predictions/{id}', 'predictions'],
    ['/v1/admin/lists/{id}', 'entries'],
    ['/v1/admin/keys/{id}', 'keys'],
  ];
  // One in five is left to chance: what is not there has to be refused well, too.
  const from = (dictionary: string): string => `{ dictionary = "${dictionary}", probability = 0.8 }`;
  const pattern = (path: string): string => JSON.stringify(`^${path.replaceAll(/[{}]/g, '\\$&')}`);
  return [
    settings,
    `[auth.openapi.x-api-key]\napi_key = "${key}"`,
    `[parameters]\n"path.detector" = ${from('detectors')}\n"path.version" = ${from('versions')}`,
    `"query.versions" = ${from('pairs')}\n"body.detector" = ${from('detectors')}`,
    ...Object.entries(dictionaries).map(
      ([name, values]) => `[dictionaries.${name}]\nvalues = ${JSON.stringify(values)}`,
    ),
    ...idsOf.map(
      ([path, dictionary]) =>
        `[[operations]]\ninclude-path-regex = ${pattern(path)}\nparameters = { "path.id" = ${from(dictionary)} }`,
    ),
    // It reads in error messages which detectors there are, and one of them has no model: 503 is the honest answer there.
    `[[operations]]\ninclude-path-regex = ${pattern('/v1/score/{detector}')}\n${withoutModel}`,
  ].join('\n');
}
