import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { Members } from './members.task.js';
import { mostShares, Rendezvous, waitForChange } from './rendezvous.js';
import { type Crew, MemberLostError, type Team, type TeamWork } from './team.js';

/** What a member is asked for. */
export interface Order {
  readonly file: string;
  readonly input: unknown;
  readonly member: number;
  /** Where steps are called, for a crew's task, and how many shares they have. */
  readonly slots?: Int32Array;
  readonly shares: number;
  /** Set to 1 when the answer is in the port. */
  readonly answered: Int32Array;
  readonly port: MessagePort;
}

export type Answer = { readonly output: unknown } | { readonly error: unknown };

/**
 * A team of worker threads, started once and used again and again. They keep no process alive. Work must be
 * compiled JavaScript: a module's file as a URL.
 */
export class ThreadTeam implements Team {
  private readonly orders: readonly MessagePort[];
  private readonly reasons: MessagePort;
  private reason: string | undefined;
  private readonly lost = new Int32Array(new SharedArrayBuffer(4));
  /** The thread that has the members; they end with it. */
  private readonly members: Worker;

  /** @param size threads that work, the calling one included @throws RangeError when it is not 1 to 255 */
  constructor(readonly size: number) {
    if (!(Number.isInteger(size) && size >= 1 && size <= mostShares))
      throw new RangeError(`a team of ${size} threads`);
    const channels = Array.from({ length: size - 1 }, () => new MessageChannel());
    const { port1, port2 } = new MessageChannel();
    this.orders = channels.map((channel) => channel.port1);
    this.reasons = port1;
    const orders = channels.map((channel) => channel.port2);
    const members: Members = { orders, reasons: port2, lost: this.lost };
    this.members = new Worker(new URL('./members.task.js', import.meta.url), {
      workerData: members,
      transferList: [...orders, port2],
    });
    this.members.unref();
  }

  start<Input, Output>(file: URL, input: Input): TeamWork<Output> {
    return this.post<Output>(file, input);
  }

  enlist<Input>(file: URL, input: Input): Crew {
    const meeting = new Rendezvous(this.size);
    const members = this.post<void>(file, input, meeting);
    const leave = (): void => {
      meeting.dismiss();
      members.finish();
    };
    return {
      leave,
      step: (step, work) => {
        if (!meeting.lead(step, work, members.check)) leave();
      },
    };
  }

  /** Ends the threads. Work that is under way is lost. */
  async close(): Promise<void> {
    await this.members.terminate();
    for (const port of [...this.orders, this.reasons]) port.close();
  }

  private post<Output>(file: URL, input: unknown, meeting?: Rendezvous): TeamWork<Output> {
    const answering = this.orders.map((orders, i) => {
      const { port1, port2 } = new MessageChannel();
      const answered = new Int32Array(new SharedArrayBuffer(4));
      const order: Order = {
        file: file.href,
        input,
        member: i + 1,
        slots: meeting?.slots,
        shares: this.size,
        answered,
        port: port2,
      };
      orders.postMessage(order, [port2]);
      return () => this.receive(port1, answered);
    });
    let answers: Answer[] | undefined;
    return {
      check: this.check,
      finish: () => outputsOf<Output>((answers ??= answering.map((answer) => answer()))),
    };
  }

  /** Waits for a member's answer. */
  private receive(port: MessagePort, answered: Int32Array): Answer {
    waitForChange(answered, 0, 0, this.check);
    const { message } = receiveMessageOnPort(port) as { message: Answer };
    port.close();
    return message;
  }

  private readonly check = (): void => {
    if (Atomics.load(this.lost, 0) === 0) return;
    this.reason ??= (receiveMessageOnPort(this.reasons) as { message: string }).message;
    throw new MemberLostError(this.reason);
  };
}

function outputsOf<Output>(answers: readonly Answer[]): Output[] {
  return answers.map((answer) => {
    if ('error' in answer) throw answer.error;
    return answer.output as Output;
  });
}
