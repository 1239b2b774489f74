/**
 * Installs the Python programs that tests run against into private environments below .data, once: two lines of MLflow
 * servers, and schemathesis.
 *
 *   node scripts/install-test-tools.mjs [--if-possible]
 *
 * With --if-possible a machine without Python or without a way to its packages is told so, and that is all: the tests
 * are left out there. In CI (CI is set) they never are.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const data = resolve(import.meta.dirname, '..', '.data');
/** The packages of each environment, by its folder below .data. */
const environments = {
  'mlflow/current': ['mlflow[auth]>=3.17,<4'],
  // The line that DagsHub runs; SQLAlchemy 2.1 and setuptools 80 came after it.
  'mlflow/old': ['mlflow==2.7.1', 'sqlalchemy<2.1', 'setuptools<80'],
  // Kept to its minor: a new one may bring checks that nobody has looked at.
  schemathesis: ['schemathesis==4.32.*'],
};

const { values: options } = parseArgs({ options: { 'if-possible': { type: 'boolean', default: false } } });
for (const [folder, packages] of Object.entries(environments)) {
  // One that cannot be had, perhaps for want of the right Python, does not keep the others away.
  try {
    install(folder, packages);
  } catch (error) {
    console.error(`${packages[0]}, which tests run against, cannot be installed here: ${error.message}`);
    if (!options['if-possible'] || process.env.CI) process.exitCode = 1;
  }
}

function install(folder, packages) {
  const environment = join(data, folder);
  const complete = join(environment, 'complete');
  if (existsSync(complete)) return;
  console.error(`installing ${packages[0]} for tests`);
  rmSync(environment, { recursive: true, force: true });
  const python = join(environment, 'bin', 'python');
  run('python3', '-m', 'venv', environment);
  run(python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'uv');
  // A tenth of pip's time. It does not read pip's settings, without which there may be no index for it.
  try {
    run(python, '-m', 'uv', 'pip', 'install', '--quiet', '--python', python, ...packages);
  } catch {
    run(python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages);
  }
  writeFileSync(complete, '');
}

/** @throws Error with the last line that the program wrote */
function run(program, ...args) {
  const { status, error, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (error) throw error;
  if (status !== 0) throw new Error(stderr.trim().split('\n').at(-1) ?? `${program} ended with ${status}`);
}
