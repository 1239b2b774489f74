import { connect } from 'node:net';
import { mongo } from 'mongoose';
import { type EngineName } from './engine.js';

const answerMs = 2000;

/** The one user of an embedded database. */
export const loginName = 'netwarden';

/** How a server on loopback is reached. */
export interface ServerAccess {
  readonly port: number;
  /** `null` for a server that asks for none. */
  readonly password: string | null;
}

/** Holds the password. */
export function serverUri({ port, password }: ServerAccess, database = ''): string {
  const place = `127.0.0.1:${port}/${database}?directConnection=true`;
  if (password === null) return `mongodb://${place}`;
  // The method is named so that a program that took the port cannot ask for the password by a weaker one.
  return `mongodb://${loginName}:${password}@${place}&authSource=admin&authMechanism=SCRAM-SHA-256`;
}

/** Runs `work` with a short-lived connection to the server. */
export async function withClient<T>(
  access: ServerAccess,
  work: (client: mongo.MongoClient) => Promise<T>,
  timeoutMs = answerMs,
): Promise<T> {
  const client = new mongo.MongoClient(serverUri(access), {
    serverSelectionTimeoutMS: timeoutMs,
    connectTimeoutMS: timeoutMs,
    socketTimeoutMS: timeoutMs,
    maxPoolSize: 1,
  });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

/** Whether the port takes connections: `silent` when nothing comes back within 2 s. */
export function tryPort(port: number): Promise<'open' | 'refused' | 'silent'> {
  return new Promise((done) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: answerMs });
    const finish = (state: 'open' | 'refused' | 'silent'): void => {
      socket.destroy();
      done(state);
    };
    socket.once('connect', () => finish('open'));
    socket.once('timeout', () => finish('silent'));
    socket.once('error', () => finish('refused'));
  });
}

/** The server's version, or `null` when what answers is another program than this engine. */
export async function identify(client: mongo.MongoClient, engine: EngineName): Promise<string | null> {
  const admin = client.db('admin');
  const hello = (await admin.command({ hello: 1 })) as { setName?: string; isWritablePrimary?: boolean };
  if (hello.isWritablePrimary !== true) return null;
  const build = (await admin.command({ buildInfo: 1 })) as { version: string; secantusVersion?: string };
  if (engine !== 'secantusdb') return build.version;
  return hello.setName === 'secantus' ? (build.secantusVersion ?? null) : null;
}
