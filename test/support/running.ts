import { spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

export const projectRoot = resolve(import.meta.dirname, '..', '..');

export type Env = Readonly<Record<string, string>>;

/** A script of `dist`, and all that it is to know of the world. */
export interface Order {
  readonly script: 'main.js' | 'cli.js';
  readonly args: readonly string[];
  readonly env: Env;
  /** The working directory; the project's own when absent. */
  readonly cwd?: string;
  readonly input?: string;
  /** Whether the input has no end: more could follow. */
  readonly openInput?: boolean;
}

/** What a pool's process or a fresh one tells while it runs. */
interface News {
  readonly pid?: number;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly ended?: { readonly code: number | null };
}

/** A process that runs a script. It emits `output` and, once, `ended`. */
export class Running extends EventEmitter<{ output: []; ended: [number | null] }> {
  readonly ended = new Promise<number | null>((done) => this.once('ended', done));
  stdout = '';
  stderr = '';
  pid = 0;
  isOver = false;

  private constructor(readonly kill: (signal: NodeJS.Signals) => void) {
    super();
  }

  /** In a process of the pool, which has the program loaded; nothing else tells it from a fresh one. */
  static loaded(order: Order): Running {
    const socket = connect(Number(process.env.TEST_PROCESSES), '127.0.0.1');
    const say = (message: object): unknown => socket.write(`${JSON.stringify(message)}\n`);
    const running = new Running((signal) => say({ signal }));
    createInterface({ input: socket }).on('line', (line) => running.hear(JSON.parse(line) as News));
    socket.on('error', () => undefined).on('close', () => running.hear({ ended: { code: null } }));
    say({ ...order, env: withShell(order.env) });
    return running;
  }

  /** In a process started for it, where the start or the end itself is looked at. */
  static fresh({ script, args, env, input = '', openInput = false }: Order): Running {
    const child = spawn(process.execPath, [join(projectRoot, 'dist', script), ...args], {
      cwd: projectRoot,
      env: withShell(env),
      stdio: 'pipe',
    });
    const running = new Running((signal) => child.kill(signal));
    running.pid = child.pid!;
    child.stdout.setEncoding('utf8').on('data', (stdout: string) => running.hear({ stdout }));
    child.stderr.setEncoding('utf8').on('data', (stderr: string) => running.hear({ stderr }));
    child.stdin.on('error', () => undefined).write(input);
    if (!openInput) child.stdin.end();
    child.once('close', (code) => running.hear({ ended: { code } }));
    return running;
  }

  private hear({ pid, stdout, stderr, ended }: News): void {
    if (pid) this.pid = pid;
    if (stdout) this.stdout += stdout;
    if (stderr) this.stderr += stderr;
    if (stdout ?? stderr) this.emit('output');
    if (!ended || this.isOver) return;
    this.isOver = true;
    this.emit('ended', ended.code);
  }
}

/** Nothing of this process's environment but what a shell needs. */
function withShell(env: Env): Env {
  const { PATH = '', HOME = '', SystemRoot = '' } = process.env;
  return { PATH, HOME, ...(SystemRoot && { SystemRoot }), ...env };
}
