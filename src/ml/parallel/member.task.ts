import { type MessagePort, workerData } from 'node:worker_threads';
import { Rendezvous } from './rendezvous.js';
import type { CrewTask, TeamTask } from './team.js';
import type { Answer, Order } from './thread-team.js';

/*
 * What a thread of a team runs: it takes orders from the team one after another.
 */
async function carryOut({ file, input, member, slots, shares }: Order): Promise<Answer> {
  const meeting = slots && new Rendezvous(shares, slots);
  try {
    const { default: task } = (await import(file)) as { default: unknown };
    if (!meeting) return { output: (task as TeamTask<unknown, unknown>)(input, member) };
    meeting.serve((task as CrewTask<unknown>)(input, member));
    return { output: undefined };
  } catch (error) {
    meeting?.fail();
    return { error };
  }
}

/** An answer that cannot be cloned is an error as well, and never a leader who waits for ever. */
function report({ port, answered }: Order, answer: Answer): void {
  try {
    port.postMessage(answer);
  } catch (error) {
    port.postMessage({ error: new Error(`a member's answer: ${String(error)}`) });
  }
  Atomics.store(answered, 0, 1);
  Atomics.notify(answered, 0);
}

(workerData as MessagePort).on('message', (order: Order) => {
  void carryOut(order).then((answer) => report(order, answer));
});
