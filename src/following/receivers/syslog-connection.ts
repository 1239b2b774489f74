import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { setTimeout as sleep } from 'node:timers/promises';
import { ReceiverAwayError } from './alert-sink.js';
import type { TlsFiles } from './tls-files.js';

export interface SyslogTarget {
  readonly host: string;
  readonly port: number;
  /** Null for a connection that is not encrypted. */
  readonly tls: TlsFiles | null;
}

const [connectMs, keepAliveMs] = [10_000, 10_000];

/** One connection to a syslog receiver, until it is closed by either side. */
export class SyslogConnection {
  /** Milliseconds since the epoch; infinite as long as it is not. */
  closedAt = Infinity;
  private reason: string | null = null;
  private readonly closed: Promise<void>;

  private constructor(private readonly socket: Socket) {
    this.closed = new Promise((done) => {
      socket.on('error', (error) => (this.reason ??= error.message));
      // A receiver has nothing to say; that it says so is how its end is noticed.
      socket.on('end', () => (this.reason ??= 'the receiver closed the connection')).resume();
      socket.on('close', () => {
        this.reason ??= 'the connection is closed';
        this.closedAt = Date.now();
        done();
      });
    });
  }

  /** @throws ReceiverAwayError */
  static async open({ host, port, tls }: SyslogTarget, signal: AbortSignal): Promise<SyslogConnection> {
    const socket = tls
      ? connectTls({ host, port, servername: serverName(host), ...tls })
      : connectTcp({ host, port });
    const connection = new SyslogConnection(socket.setKeepAlive(true, keepAliveMs).setNoDelay());
    const abort = (): unknown => socket.destroy();
    signal.addEventListener('abort', abort);
    socket.setTimeout(connectMs, () => socket.destroy(new Error('no connection in time')));
    const connected = new Promise<void>((done) => socket.once(tls ? 'secureConnect' : 'connect', done));
    await Promise.race([connected, connection.closed]);
    signal.removeEventListener('abort', abort);
    socket.setTimeout(0);
    connection.check();
    return connection;
  }

  get isOpen(): boolean {
    return this.reason === null;
  }

  /** Ends when the system has taken the bytes. @throws ReceiverAwayError */
  async write(bytes: Buffer): Promise<void> {
    this.check();
    const written = new Promise<void>((done) => this.socket.write(bytes, () => done()));
    await Promise.race([written, this.closed]);
    this.check();
  }

  /** @throws ReceiverAwayError when it closes within the time */
  async staysOpen(ms: number): Promise<void> {
    const over = new AbortController();
    const waited = sleep(ms, undefined, { signal: over.signal }).catch(() => undefined);
    await Promise.race([waited, this.closed]);
    over.abort();
    this.check();
  }

  /** Sends what is left and says that there is no more. */
  async close(): Promise<void> {
    const patience = setTimeout(() => this.socket.destroy(), 1000);
    this.socket.end();
    await this.closed;
    clearTimeout(patience);
  }

  destroy(): void {
    this.socket.destroy();
  }

  private check(): void {
    if (this.reason !== null) throw new ReceiverAwayError(this.reason);
  }
}

/** The name that the certificate is for; by RFC 6066 an address is none. */
function serverName(host: string): string {
  return /^[\d.]+$|:/.test(host) ? '' : host;
}
