import { type MessagePort, Worker, workerData } from 'node:worker_threads';

/** What the thread is started with that has a team's members. */
export interface Members {
  /** Where each takes its orders. */
  readonly orders: readonly MessagePort[];
  /** Where the team hears why a member ended. */
  readonly reasons: MessagePort;
  /** Set to 1 when there is such a reason. */
  readonly lost: Int32Array;
}

/*
 * Starts the members of a team and notices when one ends. The thread that leads the team cannot: it is blocked while it
 * waits for them, and only a free event loop hears of the end of a thread.
 */
const { orders, reasons, lost } = workerData as Members;
const file = new URL('./member.task.js', import.meta.url);

for (const port of orders) {
  const member = new Worker(file, { workerData: port, transferList: [port] });
  member.on('error', (error) => report(String(error)));
  member.on('exit', (code) => report(`exit code ${code}`));
}

function report(reason: string): void {
  reasons.postMessage(reason);
  Atomics.store(lost, 0, 1);
}
