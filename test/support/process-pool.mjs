import { fork } from 'node:child_process';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath, URL } from 'node:url';

const program = fileURLToPath(new URL('./loaded-process.mjs', import.meta.url));

/**
 * Processes that have the program loaded, for all test files. Each connection is one command's: its first line is the
 * order `{ script, args, env, cwd, input, openInput }`, each other one a `{ signal }`; the answers are `{ pid }`, then `{ stdout }`
 * and `{ stderr }` as they come, and `{ ended: { code, signal } }`.
 */
export class ProcessPool {
  #all = new Set();
  #idle = new Set();
  #server = createServer((socket) => this.#serve(socket));

  /** @returns the port. */
  async open() {
    await new Promise((listening) => this.#server.listen(0, '127.0.0.1', listening));
    return this.#server.address().port;
  }

  close() {
    this.#server.close();
    for (const { child } of this.#all) child.kill('SIGKILL');
  }

  #serve(socket) {
    const member = this.#idle.values().next().value ?? this.#start();
    this.#idle.delete(member);
    let over = false;
    member.say = (message) => {
      socket.write(`${JSON.stringify(message)}\n`);
      if (!message.ended) return;
      over = true;
      member.say = () => undefined;
      if (member.child.connected) this.#idle.add(member);
      socket.end();
    };
    member.say({ pid: member.child.pid });
    createInterface({ input: socket }).on('line', (line) => {
      const message = JSON.parse(line);
      if (over) return;
      if (message.signal) member.child.kill(message.signal);
      else member.child.send(message);
    });
    socket.on('error', () => undefined);
    // A test file that is over leaves nothing running.
    socket.on('close', () => over || member.child.kill('SIGKILL'));
  }

  #start() {
    const child = fork(program, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] });
    const member = { child, say: () => undefined };
    this.#all.add(member);
    child.on('message', (message) => member.say(message));
    child.once('exit', (code, signal) => {
      this.#all.delete(member);
      this.#idle.delete(member);
      member.say({ ended: { code, signal } });
    });
    // What the process itself writes, such as the stack of what it dies of.
    for (const name of ['stdout', 'stderr']) {
      child[name].setEncoding('utf8').on('data', (text) => member.say({ [name]: text }));
    }
    return member;
  }
}
