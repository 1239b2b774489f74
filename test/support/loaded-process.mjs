// A process in which the program is loaded already; to load it takes longer than most commands do. It is given one
// command after the other, and each finds arguments, environment and streams as if the process were its own.
import process from 'node:process';
import { PassThrough, Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout } from 'node:timers';
import { URL } from 'node:url';

const dist = new URL('../../dist/', import.meta.url);
const home = process.cwd();
const signals = ['SIGINT', 'SIGTERM'];
const kill = process.kill.bind(process);
const exit = process.exit.bind(process);
const atRest = process.getActiveResourcesInfo().length;
const { __resetOutOfContextForTests: forgetLogger } = await import(
  new URL('PinoLogger.js', import.meta.resolve('nestjs-pino')).href
);
// Loaded for the first command, before it comes.
await import(new URL('app.setup.js', dist).href);

class Exit extends Error {}

let commands = 0;
let ended = true;

process.exit = (code = process.exitCode ?? 0) => {
  end(code, null, () => exit(code));
  throw new Exit();
};
process.kill = (pid, signal) => {
  if (pid !== process.pid || process.listenerCount(signal) > 0) return kill(pid, signal);
  end(null, signal, () => kill(pid, signal));
  return true;
};
for (const name of ['stdout', 'stderr']) {
  const decoder = new StringDecoder();
  const write = (chunk, _, done) => {
    process.send({ [name]: decoder.write(chunk) });
    done();
  };
  Object.defineProperty(process, name, { value: new Writable({ write }) });
}
process.on('disconnect', () => kill(process.pid, 'SIGKILL'));
process.on('message', (order) => void run(order));

async function run({ script, args, env, cwd = home, input = '', openInput = false }) {
  begin(script, args, env, cwd);
  const stdin = new PassThrough();
  stdin.write(input);
  if (!openInput) stdin.end();
  Object.defineProperty(process, 'stdin', { value: stdin, configurable: true });
  try {
    // The script itself runs anew; what it imports is there.
    await import(`${new URL(script, dist).href}?${commands}`);
    if (script === 'cli.js') end(process.exitCode ?? 0, null);
  } catch (error) {
    if (error instanceof Exit) return;
    process.stderr.write(`${error.stack}\n`);
    end(1, null);
  }
}

function begin(script, args, env, cwd) {
  commands++;
  ended = false;
  forgetLogger();
  process.exitCode = undefined;
  process.chdir(cwd);
  process.argv = [process.execPath, script, ...args];
  for (const key of Object.keys(process.env)) delete process.env[key];
  Object.assign(process.env, env);
}

/**
 * Tells of the end as soon as nothing is left that would keep a process of its own alive. Who ends at once does not
 * wait for that: `leave` ends this process where something is left.
 */
function end(code, signal, leave) {
  if (ended) return;
  ended = true;
  const asked = performance.now();
  const tell = () => {
    if (process.getActiveResourcesInfo().length <= atRest) {
      for (const name of signals) process.removeAllListeners(name);
      for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners('error');
      process.send({ ended: { code, signal } });
    } else if (leave && performance.now() - asked > 1000) leave();
    else setTimeout(tell, 5).unref();
  };
  tell();
}
