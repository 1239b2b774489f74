import { join } from 'node:path';
import { cli, type Sandbox } from './program.js';

/** Lets the model that comes with the program serve in a sandbox. */
export async function serveBaseline(sandbox: Sandbox, detector: string): Promise<void> {
  const bundle = join('models', detector, `${detector}.bundle`);
  for (const args of [
    ['models', 'import', detector, bundle],
    ['models', 'promote', detector, '1', '--reason', 'a test'],
  ]) {
    const { code, stderr } = await cli(args, sandbox.env);
    if (code !== 0) throw new Error(stderr);
  }
}
