import { NetwardenError } from '../common/errors.js';

/** A worker thread ended before its work was done: it ran out of memory, or was killed. */
export class ThreadLostError extends NetwardenError {
  readonly code = 'THREAD_LOST';

  /** @param reason what is known of the thread's end */
  constructor(reason: string) {
    super(
      `A worker thread ended before its work was done (${reason}). Where it was out of memory, fewer COMPUTE_THREADS or ` +
        'a larger heap (NODE_OPTIONS=--max-old-space-size) help.',
    );
  }
}
