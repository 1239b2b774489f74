import { bundledData, cli, Sandbox } from './program.js';

/** A sandbox whose database has the bundled data and one promoted forest. */
export async function trainedSandbox(): Promise<Sandbox> {
  const sandbox = new Sandbox();
  for (const args of [
    ['data', 'push', 'phishing-website', bundledData],
    ['train', 'phishing-website', '--candidates', 'random-forest'],
  ]) {
    const { code, stderr } = await cli(args, sandbox.env);
    if (code !== 0) throw new Error(`netwarden ${args.join(' ')} ended with ${code}: ${stderr}`);
  }
  return sandbox;
}
