import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type mongo } from 'mongoose';
import { type DatabaseFolder } from './database-folder.js';
import { type EngineName } from './engine.js';
import { loginName, type ServerAccess, withClient } from './server-probe.js';
import { killServer, type ServerProcess, stopServer } from './server-process.js';
import { type ServerStart } from './server-start.js';

// An embedded server listens on loopback, where every user of the machine can reach it. So it asks for a password, which
// stands in a file that only the user of the data folder can read.

/** What the server asks for. */
export interface Login {
  readonly password: string;
  /** On what the password has just been set: on `new` data, where there was none before, or on `old`. */
  readonly setOn?: 'new' | 'old';
}

const patienceMs = 10_000;
const systemDatabases = ['admin', 'config', 'local'];

/**
 * Sets a password on data that has none. SecantusDB has no other way than to run once without, and mongod takes the same;
 * what others did meanwhile is undone by `removeIntruders`. The password is not in its file yet, so that a start that is
 * cut off until then begins anew.
 * @param onLaunched called with the server that asks for no password, before it is used.
 * @throws EmbeddedDatabaseError when the server cannot be started.
 */
export async function setUpLogin(
  folder: DatabaseFolder,
  engine: EngineName,
  starter: ServerStart,
  onLaunched: (server: ServerProcess) => Promise<void>,
): Promise<Login> {
  const setOn = existsSync(join(folder.dataFolder(engine), 'WiredTiger')) ? 'old' : 'new';
  // 256 random bits, in characters that a URI takes as they are.
  const password = randomBytes(32).toString('base64url');
  await folder.removePassword();
  const { server } = await starter.start(null, async (launched, version) => {
    await onLaunched(launched);
    await version();
    const open = { port: launched.port, password: null };
    await withClient(open, (client) => setPassword(client, password), patienceMs);
  });
  // SecantusDB takes 2 s to stop; what it was given is written through, and there is nothing else in new data. A mongod on
  // PATH may be a script that starts the server, and must be asked to end it.
  await (setOn === 'new' && engine === 'secantusdb' ? killServer(server) : stopServer(server));
  return { password, setOn };
}

async function setPassword(client: mongo.MongoClient, password: string): Promise<void> {
  const admin = client.db('admin');
  const login = { pwd: password, roles: ['root'], mechanisms: ['SCRAM-SHA-256'] };
  const durable = { writeConcern: { w: 'majority', j: true } };
  const { users } = (await admin.command({ usersInfo: loginName })) as { users: unknown[] };
  await admin.command({ [users.length > 0 ? 'updateUser' : 'createUser']: loginName, ...login, ...durable });
}

/** Removes users that others may have made while the server asked for no password and, where the data was new, all data. */
export function removeIntruders(access: ServerAccess, data: 'new' | 'old'): Promise<void> {
  const remove = async (client: mongo.MongoClient): Promise<void> => {
    await removeOtherUsers(client);
    if (data === 'new') await removeData(client);
  };
  return withClient(access, remove, patienceMs);
}

async function removeOtherUsers(client: mongo.MongoClient): Promise<void> {
  const users = client.db('admin').collection<{ user: string; db: string }>('system.users');
  for (const { user, db } of await users.find({}, { projection: { user: 1, db: 1 } }).toArray()) {
    if (user !== loginName || db !== 'admin') await client.db(db).command({ dropUser: user });
  }
}

async function removeData(client: mongo.MongoClient): Promise<void> {
  const { databases } = await client.db('admin').admin().listDatabases({ nameOnly: true });
  for (const { name } of databases) {
    if (!systemDatabases.includes(name)) await client.db(name).dropDatabase();
  }
}
