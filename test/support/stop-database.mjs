import { mongo } from 'mongoose';

export default async function stopDatabase() {
  const { TEST_MONGODB_URI, TEST_TRAINED_DATABASE } = process.env;
  const client = await mongo.MongoClient.connect(TEST_MONGODB_URI);
  await client.db(TEST_TRAINED_DATABASE).dropDatabase();
  await client.close();
  await globalThis.netwardenTestServer?.release();
}
