import { type EngineSearch } from './engine.js';
import { run } from './processes.js';

/**
 * Looks for `mongod` on PATH by running it: the system's own search is the one the launch will use, with
 * the executable suffixes of the platform.
 * @param directory working directory for the server
 */
export async function findMongod(directory: string): Promise<EngineSearch> {
  const result = await run('mongod', ['--version'], 10_000);
  if (result.ok) return { program: { engine: 'mongod', executable: 'mongod', directory } };
  if (result.failure === 'ENOENT') return { missing: 'there is no mongod on PATH' };
  const reason = result.output.trim().split('\n').at(-1)!;
  return { missing: `the mongod on PATH does not run (${reason || result.failure || 'no output'})` };
}
