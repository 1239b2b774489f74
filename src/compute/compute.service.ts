import { fileURLToPath } from 'node:url';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Piscina } from 'piscina';
import { toError } from '../common/errors.js';
import { Environment } from '../config/environment.js';
import { ThreadLostError } from './compute.errors.js';

/** How long work is watched and stopped. */
export interface WorkContext {
  /** Aborting it stops the work within moments, also in the middle of a fit: its thread is ended. */
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/** What a task gets besides its input. */
export interface TaskContext {
  readonly onProgress: (done: number, total: number) => void;
}

/** A task file's default export: a pure function of what it is given. */
export type Task<Input, Output> = (input: Input, context: TaskContext) => Output;

/** What a worker sends of a task: an error's class is lost on its way to another thread, so this one comes as a reason. */
export type Outcome = { readonly output: unknown } | { readonly lost: string };

/** Runs heavy work in worker threads, so that the event loop stays free to answer. */
@Injectable()
export class ComputeService implements OnApplicationShutdown {
  /** How many tasks run at once; one that runs alone may use as many threads. */
  readonly threads: number;
  private readonly pool: Piscina;

  constructor({ computeThreads }: Environment) {
    this.threads = computeThreads;
    this.pool = new Piscina({
      filename: fileURLToPath(new URL('./worker.js', import.meta.url)),
      minThreads: 0,
      maxThreads: computeThreads,
      idleTimeout: 30_000,
    });
  }

  /**
   * Runs the default export of `file` (a `*.task.js`) on a copy of `input`; shared buffers are not copied.
   * @param ports in `input`, which the task gets for itself
   * @throws what the task throws; an AbortError when `signal` is aborted; ThreadLostError when the task's thread, or one
   * that helped it, ended by itself.
   */
  async run<Input, Output>(
    file: URL,
    input: Input,
    context: WorkContext,
    ports: readonly MessagePort[] = [],
  ): Promise<Output> {
    const { port1, port2 } = new MessageChannel();
    port1.on('message', ([done, total]: [number, number]) => context.onProgress(done, total));
    try {
      const work = { task: file.href, input, port: port2 };
      const options = { signal: context.signal, transferList: [port2, ...ports] };
      const outcome = (await this.pool.run(work, options)) as Outcome;
      if ('lost' in outcome) throw new ThreadLostError(outcome.lost);
      return outcome.output as Output;
    } catch (error) {
      throw isThreadEnd(error) ? new ThreadLostError(error.message) : error;
    } finally {
      port1.close();
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.destroy();
  }
}

/** Whether an error is the pool's word that a thread of its own ended. */
function isThreadEnd(error: unknown): error is Error {
  const { message, code } = toError(error) as NodeJS.ErrnoException;
  return code === 'ERR_WORKER_OUT_OF_MEMORY' || message.startsWith('worker exited with code');
}
