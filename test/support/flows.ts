import { Sandbox } from './program.js';
import { serveBaseline } from './trained.js';

/** A sandbox whose database has a model of flows. */
export async function flowSandbox(): Promise<Sandbox> {
  const sandbox = new Sandbox();
  await serveBaseline(sandbox, 'network-flow');
  return sandbox;
}
