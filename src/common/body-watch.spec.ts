import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { jest } from '@jest/globals';
import { BodyWatch } from './body-watch.js';

/** As much of a request as the watch looks at. */
class FakeBody extends EventEmitter {
  complete = false;
  destroyed = false;
  readableLength = 0;
  readonly failures: Error[] = [];
  readonly socket = {
    bytesRead: 0,
    destroyed: false,
    destroy: (): void => {
      this.socket.destroyed = true;
    },
  };

  /** With somebody who reads it, and so hears of its failure. */
  read(): this {
    return this.on('error', (error: Error) => this.failures.push(error));
  }

  get request(): IncomingMessage {
    return this as unknown as IncomingMessage;
  }
}

describe('the watch over bodies', () => {
  let watch: BodyWatch;

  beforeEach(() => {
    jest.useFakeTimers();
    watch = new BodyWatch();
  });
  afterEach(() => {
    watch.close();
    jest.useRealTimers();
  });

  const pass = (seconds: number, each: () => void = () => undefined): void => {
    for (let i = 0; i < seconds; i++) {
      each();
      jest.advanceTimersByTime(1000);
    }
  };

  it('ends a body that comes at a byte a second, with an error for who reads it and then for good', () => {
    const body = new FakeBody().read();
    watch.add(body.request);
    pass(30, () => body.socket.bytesRead++);
    expect(body.failures).toMatchObject([{ code: 'REQUEST_TIMEOUT' }]);
    expect(body.socket.destroyed).toBe(true);
  });

  it('ends the connection of a slow body that nobody reads', () => {
    const body = new FakeBody();
    watch.add(body.request);
    pass(25);
    expect(body.socket.destroyed).toBe(true);
  });

  it('lets a slow but honest body take hours', () => {
    const body = new FakeBody().read();
    watch.add(body.request);
    pass(4 * 3600, () => (body.socket.bytesRead += 1000));
    expect([body.failures, body.socket.destroyed]).toEqual([[], false]);
  });

  it('does not count the time in which its bytes wait for this side', () => {
    const body = new FakeBody().read();
    body.readableLength = 65_536;
    watch.add(body.request);
    pass(3600);
    expect([body.failures, body.socket.destroyed]).toEqual([[], false]);
  });

  it('forgets a body that is whole', () => {
    const body = new FakeBody().read();
    watch.add(body.request);
    body.complete = true;
    pass(60);
    expect([body.failures, body.socket.destroyed]).toEqual([[], false]);
  });

  it('reads over the rest of a body that is answered, for 20 seconds', () => {
    const body = new FakeBody();
    watch.answered(body.request);
    pass(20, () => (body.socket.bytesRead += 1_000_000));
    expect(body.socket.destroyed).toBe(false);
    pass(2, () => (body.socket.bytesRead += 1_000_000));
    expect(body.socket.destroyed).toBe(true);
  });
});
