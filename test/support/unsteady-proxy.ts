import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What befalls a request: its body is cut off after a kilobyte, or its answer never gets back. */
interface Mishap {
  readonly kind: 'cut body' | 'lost answer';
  readonly method: string;
  readonly path: RegExp;
  /** Called in the middle of it; the client waits for its end. */
  readonly meanwhile: () => Promise<void>;
  readonly happened: () => void;
}

/**
 * Stands between a client and a server on loopback: has mishaps that are ordered beforehand, and says of some paths that
 * there is nothing.
 */
export class UnsteadyProxy {
  private readonly mishaps: Mishap[] = [];
  private isDown = false;

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
    private readonly lacks: RegExp | null,
  ) {}

  /** @param lacks paths that are answered with 404 and a page, like calls that a server does not know */
  static async start(target: string, lacks: RegExp | null = null): Promise<UnsteadyProxy> {
    const server = createServer();
    const proxy = new UnsteadyProxy(server, new URL(target), lacks);
    server.on('request', (asked: IncomingMessage, answer: ServerResponse) => proxy.pass(asked, answer));
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Lets nothing through from now on, or everything again. */
  goDown(isDown: boolean): void {
    this.isDown = isDown;
  }

  /** Ends with the first request of this kind, after `meanwhile` has. */
  mishap(
    kind: Mishap['kind'],
    method: string,
    path: RegExp,
    meanwhile: () => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    return new Promise((happened) => this.mishaps.push({ kind, method, path, meanwhile, happened }));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  private pass(asked: IncomingMessage, answer: ServerResponse): void {
    if (this.isDown) {
      asked.socket.destroy();
      return;
    }
    const { method, url: path = '/', headers } = asked;
    if (this.lacks?.test(path)) {
      asked.resume();
      answer
        .writeHead(404, { 'content-type': 'text/html' })
        .end('<!doctype html><title>404 Not Found</title>');
      return;
    }
    const mishap = this.takeMishap(method!, path);
    const { hostname, port, host } = this.target;
    const passed = request({ hostname, port, method, path, headers: { ...headers, host } }, (answered) => {
      if (mishap?.kind === 'lost answer') {
        answered.resume();
        answered.once('end', () => void this.happen(mishap, asked));
        return;
      }
      answer.writeHead(answered.statusCode!, answered.headers);
      answered.pipe(answer);
    });
    passed.on('error', () => asked.socket.destroy());
    if (mishap?.kind !== 'cut body') {
      asked.pipe(passed);
      return;
    }
    asked.once('data', (piece: Buffer) => {
      asked.pause();
      passed.write(piece.subarray(0, 1000), () => {
        void this.happen(mishap, asked).finally(() => passed.destroy());
      });
    });
  }

  private takeMishap(method: string, path: string): Mishap | undefined {
    const at = this.mishaps.findIndex((it) => it.method === method && it.path.test(path));
    return at < 0 ? undefined : this.mishaps.splice(at, 1)[0];
  }

  private async happen(mishap: Mishap, asked: IncomingMessage): Promise<void> {
    await mishap.meanwhile();
    asked.socket.destroy();
    mishap.happened();
  }
}
