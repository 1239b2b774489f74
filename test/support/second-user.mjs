// What another user of the machine tries: `node second-user.mjs <user id> <group id> <JSON>` with the names of `folder` and
// `files` to look at and the `uri` of a database. It prints one JSON object: each attempt with what came of it.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { mongo } from 'mongoose';

const [uid, gid] = process.argv.slice(2, 4).map(Number);
const { folder, files, uri } = JSON.parse(process.argv[4]);

// The driver is loaded by who may read it; nothing of what was held before is kept.
process.setgroups([]);
process.setgid(gid);
process.setuid(uid);

const outcomes = { uid: process.getuid() };

async function attempt(name, work) {
  try {
    await work();
    outcomes[name] = 'done';
  } catch (error) {
    outcomes[name] = String(error.code ?? error.message);
  }
}

await attempt('list', () => readdirSync(folder));
await attempt('create', () => writeFileSync(join(folder, 'intruder'), ''));
for (const file of files) await attempt(`read ${file}`, () => readFileSync(join(folder, file)));

const withoutLogin = new URL(uri);
withoutLogin.username = '';
withoutLogin.password = '';
withoutLogin.search = '?directConnection=true';
const withWrongLogin = new URL(uri);
withWrongLogin.password = 'guessed';

async function attemptOn(href, name, work) {
  const client = new mongo.MongoClient(href, { serverSelectionTimeoutMS: 30_000 });
  await attempt(name, () => work(client, client.db().collection('api_keys')));
  await client.close();
}

for (const [who, { href }] of Object.entries({ 'no login': withoutLogin, 'a guess': withWrongLogin })) {
  await attemptOn(href, `read with ${who}`, (_, keys) => keys.find({}).toArray());
  await attemptOn(href, `insert with ${who}`, (_, keys) =>
    keys.insertOne({ _id: 'intruder', role: 'admin' }),
  );
  await attemptOn(href, `make a user with ${who}`, (client) =>
    client.db('admin').command({ createUser: 'intruder', pwd: 'intruder', roles: ['root'] }),
  );
}

process.stdout.write(JSON.stringify(outcomes));
