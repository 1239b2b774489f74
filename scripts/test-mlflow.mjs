// Installs the MLflow servers that the tests run against into private Python environments, once, and runs these tests.
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const folder = join(root, '.data', 'mlflow');
/** Today's server, and the line that DagsHub runs; SQLAlchemy 2.1 came after it. */
const lines = {
  current: ['mlflow[auth]>=3.17,<4'],
  old: ['mlflow==2.7.1', 'sqlalchemy<2.1', 'setuptools<80'],
};

for (const [line, packages] of Object.entries(lines)) {
  const environment = join(folder, line);
  if (existsSync(join(environment, 'complete'))) continue;
  rmSync(environment, { recursive: true, force: true });
  run('python3', ['-m', 'venv', environment]);
  run(join(environment, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', ...packages]);
  run(join(environment, 'bin', 'python'), [
    '-c',
    `open(${JSON.stringify(join(environment, 'complete'))}, 'w')`,
  ]);
}
run('npm', ['run', '--silent', 'build']);
run('npm', ['run', '--silent', 'jest', '--', '--selectProjects=e2e', '--testPathPatterns', 'test/mlflow']);

function run(program, args) {
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
