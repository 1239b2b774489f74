import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Environment } from '../config/environment.js';
import { toError } from '../common/errors.js';
import { describeMongoAddress } from '../config/mongo-address.js';
import { DatabaseUnavailableError } from './database.errors.js';
import { acquireEmbeddedServer } from './embedded/acquire.js';

/** The MongoDB server that this process uses: the one of `MONGODB_URI`, or an embedded one it holds a share of. */
export abstract class MongoServer {
  /** Holds secrets. */
  abstract readonly uri: string;
  /** Which link of the chain it is, for the log and for everybody who asks for the service's health: no secrets. */
  abstract readonly description: string;
  /** Lets go of an embedded server, which stops with its last user. */
  abstract release(): Promise<void>;
}

const databaseName = 'netwarden';

/** Finds or starts the server. @throws DatabaseUnavailableError with what to do. */
export async function findMongoServer(environment: Environment): Promise<MongoServer> {
  if (environment.mongodbUri !== undefined) {
    return {
      uri: environment.mongodbUri,
      description: `MongoDB from MONGODB_URI: ${describeMongoAddress(environment.mongodbUri)}`,
      release: () => Promise.resolve(),
    };
  }
  const logger = new Logger(MongoServer.name);
  try {
    return await acquireEmbeddedServer({
      dataDir: environment.dataDir,
      engineDir: environment.engineDir,
      database: databaseName,
      onProgress: (message) => logger.log(message),
    });
  } catch (error) {
    const { message, nextStep = '' } = toError(error) as Error & { nextStep?: string };
    throw new DatabaseUnavailableError(message, nextStep);
  }
}

@Injectable()
export class MongoServerLifecycle implements OnApplicationShutdown {
  constructor(private readonly server: MongoServer) {}

  async onApplicationShutdown(): Promise<void> {
    await this.server.release();
  }
}
