import { Sandbox } from './program.js';

interface Leaving {
  readonly without?: readonly string[];
  readonly rows?: number;
}

/**
 * A sandbox whose database has the rows of `someData` and one promoted forest: a copy of what the set-up trained. A test
 * that needs no data is quicker without the `records`, and one that only needs some with fewer `rows` of them.
 */
export async function trainedSandbox(leaving: Leaving = {}): Promise<Sandbox> {
  const sandbox = new Sandbox();
  await copyPrepared('trained', sandbox, leaving);
  return sandbox;
}

/** Lets the model that comes with the program serve in a sandbox: a copy of what the set-up imported and promoted. */
export function serveBaseline(sandbox: Sandbox, detector: 'url' | 'network-flow'): Promise<void> {
  return copyPrepared(detector, sandbox);
}

/** Adds what a database of the set-up has to that of a sandbox. */
function copyPrepared(
  name: string,
  sandbox: Sandbox,
  { without = [], rows = 0 }: Leaving = {},
): Promise<void> {
  return sandbox.withDatabase(async (db, client) => {
    const prepared = client.db(`${process.env.TEST_PREPARED_DATABASES}${name}`);
    for (const { name } of await prepared.listCollections({}, { nameOnly: true }).toArray()) {
      if (without.includes(name)) continue;
      const limit = name === 'records' ? rows : 0;
      const documents = await prepared.collection(name).find().limit(limit).toArray();
      if (documents.length > 0) await db.collection(name).insertMany(documents, { ordered: false });
    }
  });
}
