export default async function stopDatabase() {
  await globalThis.netwardenTestServer?.release();
}
