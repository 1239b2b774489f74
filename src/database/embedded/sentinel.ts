import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type mongo } from 'mongoose';
import { type DatabaseFolder, type EngineMarker } from './database-folder.js';
import { EmbeddedDatabaseError } from './embedded.errors.js';
import { type EngineName } from './engine.js';
import { type ServerAccess, withClient } from './server-probe.js';

// WiredTiger starts silently empty when some of its files are gone. So a document of known id stands in the
// data and its id in a file beside it: a file without its document means that data has been lost.

interface Sentinel {
  readonly _id: string;
  readonly createdAt: Date;
}

/** Id of the sentinel in the data that this server serves, or `null`. */
export async function readSentinel(client: mongo.MongoClient): Promise<string | null> {
  const sentinel = await sentinels(client).findOne({});
  return sentinel?._id ?? null;
}

/**
 * Before a start: the engine's files are where the marker says. Checked early because a start without
 * the catalogue file would already change what is left of the data.
 * @throws EmbeddedDatabaseError when they are not.
 */
export function assertDataPresent(folder: DatabaseFolder, marker: EngineMarker): void {
  const data = folder.dataFolder(marker.engine);
  if (!existsSync(join(data, 'WiredTiger.turtle'))) throw dataLost(folder, marker.engine);
}

/**
 * After a start: makes sure that the data is what the marker says, or marks a new database.
 * @throws EmbeddedDatabaseError when the sentinel is missing.
 */
export async function ensureSentinel(
  folder: DatabaseFolder,
  engine: EngineName,
  access: ServerAccess,
): Promise<void> {
  const marker = await folder.readMarker();
  const found = await withClient(access, readSentinel, 10_000);
  if (marker !== null && found !== marker.sentinel) throw dataLost(folder, engine);
  if (marker === null)
    await folder.writeMarker({ engine, sentinel: found ?? (await createSentinel(access)) });
}

async function createSentinel(access: ServerAccess): Promise<string> {
  const sentinel = { _id: randomUUID(), createdAt: new Date() };
  const durable = { writeConcern: { w: 'majority', journal: true } } as const;
  await withClient(access, (client) => sentinels(client).insertOne(sentinel, durable), 10_000);
  return sentinel._id;
}

function sentinels(client: mongo.MongoClient): mongo.Collection<Sentinel> {
  return client.db('netwarden_meta').collection<Sentinel>('sentinel');
}

function dataLost(folder: DatabaseFolder, engine: EngineName): EmbeddedDatabaseError {
  return new EmbeddedDatabaseError(
    `The database in ${folder.dataFolder(engine)} is not what was stored there: its sentinel is missing, so files were lost or exchanged.`,
    `Restore ${folder.root} from a backup, or move it away to start with an empty database.`,
  );
}
