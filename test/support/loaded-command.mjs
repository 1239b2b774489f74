// Stands for `node dist/cli.js …` in a shell: runs the command in a process of the pool, which has the program loaded.
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import process from 'node:process';
import { createInterface } from 'node:readline';

const [, , ...args] = process.argv;
const input = args.includes('-') ? readFileSync(0, 'utf8') : '';
const socket = connect(Number(process.env.TEST_PROCESSES), '127.0.0.1');
createInterface({ input: socket }).on('line', (line) => {
  const { stdout, stderr, ended } = JSON.parse(line);
  if (stdout) process.stdout.write(stdout);
  if (stderr) process.stderr.write(stderr);
  if (ended) process.exitCode = ended.code ?? 1;
});
socket.write(`${JSON.stringify({ script: 'cli.js', args, env: process.env, cwd: process.cwd(), input })}\n`);
