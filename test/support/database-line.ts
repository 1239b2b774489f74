import { connect, createServer, type Server, type Socket } from 'node:net';

/** A way to the database that can be cut, as a network is. */
export class DatabaseLine {
  private constructor(
    readonly uri: string,
    private readonly server: Server,
    private readonly sockets: Set<Socket>,
  ) {}

  static async open(databaseUri: string): Promise<DatabaseLine> {
    const target = new URL(databaseUri);
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      const beyond = connect(Number(target.port), target.hostname);
      for (const end of [socket, beyond]) {
        sockets.add(end);
        end
          .on('error', () => undefined)
          .on('close', () => [socket, beyond].forEach((other) => other.destroy()));
      }
      socket.pipe(beyond).pipe(socket);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const uri = new URL(databaseUri);
    uri.host = `127.0.0.1:${(server.address() as { port: number }).port}`;
    uri.searchParams.set('directConnection', 'true');
    return new DatabaseLine(uri.href, server, sockets);
  }

  /** Ends what is connected, and refuses what comes. */
  cut(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  /** Lets connections through again. */
  async mend(): Promise<void> {
    const port = Number(new URL(this.uri).port);
    await new Promise<void>((listening) => this.server.listen(port, '127.0.0.1', listening));
  }

  async close(): Promise<void> {
    this.cut();
    if (this.server.listening) await new Promise((closed) => this.server.once('close', closed));
  }
}
