/**
 * Installs the MLflow servers that tests run against into private Python environments below .data/mlflow, once.
 *
 *   node scripts/install-mlflow.mjs [--if-possible]
 *
 * With --if-possible a machine without Python or without a way to its packages is told so, and that is all: the tests are
 * left out there. In CI (CI is set) they never are.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const folder = resolve(import.meta.dirname, '..', '.data', 'mlflow');
/** Today's server, and the line that DagsHub runs; SQLAlchemy 2.1 and setuptools 80 came after it. */
const lines = {
  current: ['mlflow[auth]>=3.17,<4'],
  old: ['mlflow==2.7.1', 'sqlalchemy<2.1', 'setuptools<80'],
};

const { values: options } = parseArgs({ options: { 'if-possible': { type: 'boolean', default: false } } });
try {
  for (const [line, packages] of Object.entries(lines)) install(line, packages);
} catch (error) {
  console.error(`MLflow servers for tests cannot be installed here: ${error.message}`);
  if (!options['if-possible'] || process.env.CI) process.exit(1);
}

function install(line, packages) {
  const environment = join(folder, line);
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
