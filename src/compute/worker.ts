import type { MessagePort } from 'node:worker_threads';
import type { Outcome, Task } from './compute.service.js';

interface Work {
  readonly task: string;
  readonly input: unknown;
  readonly port: MessagePort;
}

/** Messages more often than this are of no use to anyone. */
const progressEveryMs = 100;

/** Runs one task in this thread. */
export default async function work({ task, input, port }: Work): Promise<Outcome> {
  const { default: run } = (await import(task)) as { default: Task<unknown, unknown> };
  let last = -Infinity;
  const onProgress = (done: number, total: number): void => {
    const now = performance.now();
    if (now - last < progressEveryMs && done < total) return;
    last = now;
    port.postMessage([done, total]);
  };
  try {
    return { output: await run(input, { onProgress }) };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'THREAD_LOST')
      return { lost: error.message };
    throw error;
  }
}
