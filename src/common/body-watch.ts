import type { IncomingMessage } from 'node:http';
import { BodyTooSlowError } from './errors.js';

const tickMs = 1000;
/** Seconds that a sender may be waited for before its rate counts. */
const graceSeconds = 20;
/** The least rate behind that, bytes a second waited: Apache's mod_reqtimeout asks for as much. */
const leastRate = 500;
/** Seconds in which the rest of a body is read over that was answered without it. */
const restSeconds = 20;
/** Seconds in which the error's answer gets out. */
const answerSeconds = 3;

interface Watched {
  /** Bytes of the connection when the body began. */
  readonly from: number;
  /** Seconds in which nothing was there to be read. */
  waited: number;
  /** Seconds since the answer; null before it. */
  sinceAnswer: number | null;
  isRefused: boolean;
}

/**
 * Ends bodies that come too slowly. What counts is the time in which this side waits for the sender, so an honest
 * sender on a slow line keeps the deadline, and so does one that waits for this side to store its rows.
 */
export class BodyWatch {
  private readonly open = new Map<IncomingMessage, Watched>();
  private readonly timer = setInterval(() => this.tick(), tickMs).unref();

  add(body: IncomingMessage): void {
    if (this.open.has(body)) return;
    const { bytesRead } = body.socket;
    this.open.set(body, { from: bytesRead, waited: 0, sinceAnswer: null, isRefused: false });
    body.once('close', () => this.open.delete(body));
  }

  /** The rest of the body is read over, so that its sender gets to the answer, but not for ever. */
  answered(body: IncomingMessage): void {
    this.add(body);
    const watched = this.open.get(body);
    if (watched) watched.sinceAnswer ??= 0;
  }

  close(): void {
    clearInterval(this.timer);
  }

  private tick(): void {
    for (const [body, watched] of this.open) {
      if (body.complete || body.destroyed) this.open.delete(body);
      else this.look(body, watched);
    }
  }

  private look(body: IncomingMessage, watched: Watched): void {
    const { socket } = body;
    if (watched.sinceAnswer !== null) {
      const limit = watched.isRefused ? answerSeconds : restSeconds;
      if ((watched.sinceAnswer += tickMs / 1000) > limit) socket.destroy();
      return;
    }
    // What waits to be read is this side's to read.
    if (body.readableLength > 0) return;
    watched.waited += tickMs / 1000;
    const owed = (watched.waited - graceSeconds) * leastRate;
    if (owed <= 0 || socket.bytesRead - watched.from >= owed) return;
    watched.isRefused = true;
    watched.sinceAnswer = 0;
    // Whoever reads the body answers; nobody does where it is only read over.
    if (body.listenerCount('error') > 0) body.emit('error', new BodyTooSlowError(leastRate));
    else socket.destroy();
  }
}
