/** The Python peers as one process that fits when asked, so that ours and theirs can take turns. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('./peers.py', import.meta.url));

/** Resolves to null, after saying why, where Python or one of the packages cannot be had. */
export async function startPeers() {
  const child = spawn('python3', ['-W', 'ignore', script], { stdio: ['pipe', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (text) => (complaint += text));
  child.stdin.on('error', () => undefined);
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise((done) => child.once('error', done).once('close', done));
  const next = async () => {
    const { value, done } = await answers.next();
    if (!done) return JSON.parse(value);
    await ended;
    throw new Error(complaint.trim().split('\n').at(-1) || 'python3 was not found');
  };
  const ask = (order) => {
    child.stdin.write(`${JSON.stringify(order)}\n`);
    return next();
  };
  try {
    const { versions } = await next();
    return {
      versions,
      load: (set) => withFiles(set, ask),
      fit: (learner) => ask({ learner }),
      stop: () => child.stdin.end(),
    };
  } catch (error) {
    console.error(`without peers: ${error.message} (pip install scikit-learn lightgbm xgboost)`);
    return null;
  }
}

async function withFiles({ train, test }, ask) {
  const folder = mkdtempSync(join(tmpdir(), 'netwarden-bench-'));
  for (const [name, { x, y }] of Object.entries({ train, test })) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'x'), x.data);
    writeFileSync(join(folder, name, 'y'), y);
  }
  try {
    await ask({ folder, rows: train.x.rows, columns: train.x.columns, testRows: test.x.rows });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
