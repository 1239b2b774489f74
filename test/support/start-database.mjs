import { execFile } from 'node:child_process';
import {
  accessSync,
  constants,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { parseEnvironment } from '../../dist/config/environment.js';
import { findMongoServer } from '../../dist/database/mongo-server.js';
import { ProcessPool } from './process-pool.mjs';

/** Before the process id in the name of a run's folder. */
const prefix = `netwarden-e2e-${userInfo().uid}-`;
/** Of the bundled data: enough for a forest to pass the gate, and a third of what all of them cost each suite. */
const rows = 4000;

/**
 * One server for all e2e tests, had by the same chain that users get; each test file has a database of its own. Those
 * that begin with a model copy it from a database that is prepared by the command line here.
 */
export default async function startDatabase() {
  const parent = memoryFolder() ?? tmpdir();
  removeLeftovers(parent);
  const folder = join(parent, prefix + process.pid);
  mkdirSync(folder);
  const environment = parseEnvironment({
    MONGODB_URI: process.env.MONGODB_URI,
    DATA_DIR: folder,
    ENGINE_DIR: process.env.ENGINE_DIR ?? '.data/engine',
  });
  const server = await findMongoServer(environment);
  process.stderr.write(`e2e tests use ${server.description}\n`);
  const pool = new ProcessPool();
  process.env.TEST_PROCESSES = await pool.open();
  process.env.TEST_MONGODB_URI = server.uri;
  process.env.TEST_ENGINE_DIR = resolve(environment.engineDir);
  process.env.TEST_DATABASES = process.env.MONGODB_URI ? 'drop' : 'leave';
  process.env.TEST_DATA = someData(folder);
  process.env.TEST_PREPARED_DATABASES = `test_${process.pid}_`;
  await prepareDatabases(server.uri, folder);
  globalThis.netwardenTests = { folder, server, pool };
}

/** A disk makes the embedded database wait for each commit. A container's memory folder may be far too small for it. */
function memoryFolder() {
  const folder = '/dev/shm';
  try {
    accessSync(folder, constants.W_OK);
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize > 2 ** 31 ? folder : null;
  } catch {
    return null;
  }
}

/** Removes the folders of runs that were broken off. */
function removeLeftovers(parent) {
  for (const name of readdirSync(parent)) {
    if (name.startsWith(prefix) && !isAlive(Number(name.slice(prefix.length))))
      rmSync(join(parent, name), { recursive: true, force: true });
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** @returns a file with the first rows of the bundled data. */
function someData(folder) {
  const file = join(folder, 'phishing-websites.csv');
  const lines = readFileSync(resolve('data/phishing-websites.csv'), 'utf8').split(/(?<=\n)/);
  writeFileSync(file, lines.slice(0, rows + 1).join(''));
  return file;
}

/** A trained one, and one for each model that comes with the program. */
async function prepareDatabases(serverUri, folder) {
  const netwarden = (database, ...args) => {
    const uri = new URL(serverUri);
    uri.pathname = `/${process.env.TEST_PREPARED_DATABASES}${database}`;
    const script = join(import.meta.dirname, 'loaded-command.mjs');
    const env = { ...process.env, MONGODB_URI: uri.href, DATA_DIR: folder };
    return promisify(execFile)(process.execPath, [script, ...args], { env });
  };
  await Promise.all([
    netwarden('trained', 'data', 'push', 'phishing-website', process.env.TEST_DATA).then(() =>
      netwarden('trained', 'train', 'phishing-website', '--candidates', 'random-forest'),
    ),
    ...['url', 'network-flow'].map(async (detector) => {
      await netwarden(detector, 'models', 'import', detector, `models/${detector}/${detector}.bundle`);
      await netwarden(detector, 'models', 'promote', detector, '1', '--reason', 'a test');
    }),
  ]);
}
