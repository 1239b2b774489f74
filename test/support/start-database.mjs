import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { parseEnvironment } from '../../dist/config/environment.js';
import { findMongoServer } from '../../dist/database/mongo-server.js';

/**
 * One server for all e2e tests, had by the same chain that users get; each test file has a database of its
 * own. One database is filled and trained by the command line here, for the files that begin with a model.
 */
export default async function startDatabase() {
  const environment = parseEnvironment({
    MONGODB_URI: process.env.MONGODB_URI,
    DATA_DIR: '.data/test',
    ENGINE_DIR: process.env.ENGINE_DIR ?? '.data/engine',
  });
  const server = await findMongoServer(environment);
  process.stderr.write(`e2e tests use ${server.description}\n`);
  globalThis.netwardenTestServer = server;
  process.env.TEST_MONGODB_URI = server.uri;
  process.env.TEST_ENGINE_DIR = resolve(environment.engineDir);
  process.env.TEST_TRAINED_DATABASE = await trainOnce(server.uri);
}

async function trainOnce(serverUri) {
  const uri = new URL(serverUri);
  uri.pathname = `/test_trained_${process.pid}`;
  const folder = mkdtempSync(join(tmpdir(), 'netwarden-test-'));
  const netwarden = (...args) =>
    promisify(execFile)(process.execPath, [resolve('dist/cli.js'), ...args], {
      env: { ...process.env, MONGODB_URI: uri.href, DATA_DIR: folder },
    });
  try {
    await netwarden('data', 'push', 'phishing-website', resolve('data/phishing-websites.csv'));
    await netwarden('train', 'phishing-website', '--candidates', 'random-forest');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return uri.pathname.slice(1);
}
