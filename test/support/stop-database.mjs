import { rmSync } from 'node:fs';
import { mongo } from 'mongoose';

export default async function stopDatabase() {
  const { folder, server, pool } = globalThis.netwardenTests;
  pool.close();
  if (process.env.TEST_DATABASES === 'drop') {
    const client = await mongo.MongoClient.connect(server.uri);
    for (const name of ['trained', 'url', 'network-flow'])
      await client.db(process.env.TEST_PREPARED_DATABASES + name).dropDatabase();
    await client.close();
  }
  await server.release();
  // The embedded server stops when its folder is gone.
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}
