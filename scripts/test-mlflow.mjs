// Installs what tests run against, MLflow servers among it, once, and runs these tests.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
run('node', ['scripts/install-test-tools.mjs']);
run('npm', ['run', '--silent', 'build']);
run('npm', ['run', '--silent', 'jest', '--', '--selectProjects=e2e', '--testPathPatterns', 'test/mlflow']);

function run(program, args) {
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
