import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { type Connection, type mongo } from 'mongoose';
import { failureText } from './database.errors.js';
import { MongoServer } from './mongo-server.js';

export interface CollectionState {
  readonly name: string;
  /** Documents, from the server's own statistics of the last minute. */
  readonly documents: number;
  readonly indexes: readonly string[];
}

export interface ConnectionState {
  readonly link: string;
  readonly database: string;
  readonly serverVersion: string;
  /** Round trip of a ping, milliseconds. */
  readonly latencyMs: number;
  readonly writable: boolean;
  /** Why it is not writable. */
  readonly writeError?: string;
  readonly collections: readonly CollectionState[];
}

/** Documents and indexes as they were counted last. */
interface Counted {
  readonly at: number;
  readonly states: readonly CollectionState[] | null;
}

const keptMs = 60_000;

/** Looks at the database the way an operator would: reachable, how fast, writable, what is in it. */
@Injectable()
export class ConnectionCheckService {
  private counted: Counted = { at: -Infinity, states: null };
  private counting: Promise<Counted & { states: readonly CollectionState[] }> | null = null;

  constructor(
    private readonly server: MongoServer,
    @InjectConnection() private readonly connection: Connection,
  ) {}

  /** Round trip of a ping in milliseconds. @throws the driver's error when the server does not answer. */
  async ping(): Promise<number> {
    const start = performance.now();
    await this.database.command({ ping: 1 });
    return Math.round((performance.now() - start) * 10) / 10;
  }

  /** Whether a document can be written, and why not. */
  async writeProbe(): Promise<string | null> {
    try {
      await this.database
        .collection<{ _id: string; at: Date }>('connection_checks')
        .updateOne({ _id: 'probe' }, { $set: { at: new Date() } }, { upsert: true });
      return null;
    } catch (error) {
      return failureText(error, this.server.uri);
    }
  }

  async check(): Promise<ConnectionState> {
    const latencyMs = await this.ping();
    const { version } = (await this.database.command({ buildInfo: 1 })) as { version: string };
    const writeError = await this.writeProbe();
    return {
      link: this.server.description,
      database: this.database.databaseName,
      serverVersion: version,
      latencyMs,
      writable: writeError === null,
      ...(writeError === null ? {} : { writeError }),
      collections: await this.collections(),
    };
  }

  /**
   * What is in the collections, as of the last minute. Some servers count by going through all documents: who only asks
   * whether the database answers does not wait for that again.
   */
  private async collections(): Promise<readonly CollectionState[]> {
    if (performance.now() - this.counted.at > keptMs) {
      this.counting ??= this.count()
        .then((states) => (this.counted = { at: performance.now(), states }))
        .finally(() => (this.counting = null));
      // Whoever does not wait for it does not fail by it either: the ping and the write before tell.
      this.counting.catch(() => undefined);
    }
    return this.counted.states ?? (await this.counting!).states;
  }

  private async count(): Promise<CollectionState[]> {
    const names = (await this.database.listCollections({}, { nameOnly: true }).toArray()).map(
      ({ name }) => name,
    );
    return Promise.all(
      names.sort().map(async (name) => {
        const collection = this.database.collection(name);
        const [documents, indexes] = await Promise.all([
          collection.estimatedDocumentCount(),
          collection.indexes(),
        ]);
        return { name, documents, indexes: indexes.map((index) => index.name ?? '') };
      }),
    );
  }

  private get database(): mongo.Db {
    const { db } = this.connection;
    if (!db) throw new Error('the database connection is not open');
    return db;
  }
}
