// A second process that uses the embedded database: `node embedded-user.mjs <options as JSON>`. It prints
// one JSON line for each progress message, then one for the server or the error. It gives its share back
// and ends when it reads anything from standard input.
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { acquireEmbeddedServer } from '../../dist/database/embedded/acquire.js';

const print = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const options = JSON.parse(process.argv[2]);

try {
  const start = performance.now();
  const server = await acquireEmbeddedServer({ ...options, onProgress: (progress) => print({ progress }) });
  const { uri, engine, description, pid } = server;
  print({ server: { uri, engine, description, pid }, milliseconds: Math.round(performance.now() - start) });
  process.stdin.once('data', async () => {
    const begin = performance.now();
    await server.release();
    print({ released: Math.round(performance.now() - begin) });
    process.exit(0);
  });
} catch (error) {
  const { name, code, message, nextStep } = error;
  print({ error: { name, code, message, nextStep } });
  process.exit(1);
}
