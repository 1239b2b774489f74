/**
 * Threads that share the work of one fit or prediction. The calling thread is one of them; calls block it, so that
 * a fit stays one plain function. Whatever its size, a team never changes a result: work is cut so that each
 * part is computed in one order, by whoever.
 */
export interface Team {
  /** Threads that work, the calling one included; 1 or more. */
  readonly size: number;
  /**
   * Starts the default export of the module `file` in every other thread, as `work(input, member)` with members
   * 1 to `size` - 1, and returns at once. `input` is cloned; shared buffers in it are shared.
   */
  start<Input, Output>(file: URL, input: Input): TeamWork<Output>;
  /**
   * The same for work in many short steps: the module's default export, a `CrewTask`, is called once in every
   * other thread and returns what does a share of a step there.
   */
  enlist<Input>(file: URL, input: Input): Crew;
}

/** Work that the other threads of a team are at. */
export interface TeamWork<Output> {
  /** To be called now and then by a caller that works on by itself. @throws MemberLostError */
  readonly check: () => void;
  /** Waits for all members and returns their results, member 1 first. @throws what the first of them threw, MemberLostError */
  finish(): Output[];
}

/** A module that a team runs: a function of its input and its member's number. */
export type TeamTask<Input, Output> = (input: Input, member: number) => Output;

/** Threads that do the steps of one piece of work together, waiting for each other after each. */
export interface Crew {
  /**
   * Does a step: `size` shares, numbered from 0, each done once, by any member or by the caller with `work`, which
   * is to do a share as the members do.
   * @param step a whole number, 0 or more
   * @throws what a member threw, MemberLostError; the crew has left then
   */
  step(step: number, work: (share: number) => void): void;
  /** Lets the members go; to be called whatever happened, in a `finally`. @throws what a member threw */
  leave(): void;
}

/** A module whose members take shares of steps. */
export type CrewTask<Input> = (input: Input, member: number) => (step: number, share: number) => void;

/** A thread of the team ended in the middle of its service: it ran out of memory, or was killed. */
export class MemberLostError extends Error {
  readonly code = 'THREAD_LOST';
}

/** The calling thread without help. */
export const alone: Team = {
  size: 1,
  start: () => ({ check: () => undefined, finish: () => [] }),
  enlist: () => ({ step: (_step, work) => work(0), leave: () => undefined }),
};
