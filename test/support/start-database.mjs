import { resolve } from 'node:path';
import { findMongoServer } from '../../dist/database/mongo-server.js';
import { parseEnvironment } from '../../dist/config/environment.js';

/** One server for all e2e tests, had by the same chain that users get; each test file has a database of its own. */
export default async function startDatabase() {
  const environment = parseEnvironment({
    MONGODB_URI: process.env.MONGODB_URI,
    DATA_DIR: '.data/test',
    ENGINE_DIR: process.env.ENGINE_DIR ?? '.data/engine',
  });
  const server = await findMongoServer(environment);
  process.stderr.write(`e2e tests use ${server.description}\n`);
  process.env.TEST_MONGODB_URI = server.uri;
  process.env.TEST_ENGINE_DIR = resolve(environment.engineDir);
  globalThis.netwardenTestServer = server;
}
