import { Sandbox } from './program.js';

/**
 * A sandbox whose database has the rows of `someData` and one promoted forest: a copy of what the set-up trained. A test
 * that needs no data is quicker without the `records`, and one that only needs some with fewer `rows` of them.
 */
export async function trainedSandbox({
  without = [],
  rows = 0,
}: { without?: readonly string[]; rows?: number } = {}): Promise<Sandbox> {
  const sandbox = new Sandbox();
  await sandbox.withDatabase(async (db, client) => {
    const trained = client.db(process.env.TEST_TRAINED_DATABASE);
    for (const { name } of await trained.listCollections({}, { nameOnly: true }).toArray()) {
      if (without.includes(name)) continue;
      const limit = name === 'records' ? rows : 0;
      const documents = await trained.collection(name).find().limit(limit).toArray();
      if (documents.length > 0) await db.collection(name).insertMany(documents, { ordered: false });
    }
  });
  return sandbox;
}
