import { join } from 'node:path';
import { cli, type Sandbox } from './program.js';

const benign = ['news', 'docs', 'shop', 'forum', 'music', 'travel'];
const baits = ['secure', 'verify', 'account', 'update', 'signin', 'billing'];

/** A labelled list of 600 addresses, every other one a threat, each of a domain of its own. */
export function urlList(): string {
  const rows = Array.from({ length: 300 }, (_, i) => {
    const [good, bait] = [benign[i % 6], baits[i % 6]];
    return [
      `https://www.${good}-site${i}.org/${good}/page-${i}.html,benign`,
      `http://paypal.com.${bait}-${i * 7919}.${bait}${i}.tk/${bait}/login.php?id=${i * 104729},phishing`,
    ].join('\n');
  });
  return `url,label\n${rows.join('\n')}\n`;
}

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
