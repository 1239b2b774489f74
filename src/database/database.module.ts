import {
  type BeforeApplicationShutdown,
  Global,
  Logger,
  Module,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { InjectConnection, MongooseModule } from '@nestjs/mongoose';
import { type Connection } from 'mongoose';
import { Environment } from '../config/environment.js';
import { ConnectionCheckService } from './connection-check.service.js';
import { explainConnectionFailure } from './database.errors.js';
import { findMongoServer, MongoServer, MongoServerLifecycle } from './mongo-server.js';

@Global()
@Module({
  providers: [
    { provide: MongoServer, inject: [Environment], useFactory: findMongoServer },
    MongoServerLifecycle,
  ],
  exports: [MongoServer],
})
class MongoServerModule {}

@Global()
@Module({
  imports: [
    MongoServerModule,
    MongooseModule.forRootAsync({
      inject: [MongoServer],
      useFactory: (server: MongoServer) => ({
        uri: server.uri,
        // Enough for the API and a run side by side; more parallel writers only slow the embedded server down.
        maxPoolSize: 8,
        serverSelectionTimeoutMS: 4000,
        // One that is there and busy is waited for longer than one that is not there.
        connectTimeoutMS: 10_000,
        retryAttempts: 1,
        connectionErrorFactory: (error: Error) => explainConnectionFailure(error, server.uri),
      }),
    }),
  ],
  providers: [ConnectionCheckService],
  exports: [ConnectionCheckService],
})
export class DatabaseModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(DatabaseModule.name);

  constructor(
    private readonly server: MongoServer,
    @InjectConnection() private readonly connection: Connection,
  ) {}

  /** Waits for every collection and index, so that a start that went well has them all. */
  async onApplicationBootstrap(): Promise<void> {
    this.logger.log(this.server.description);
    this.connection.on('disconnected', this.tellGone).on('reconnected', this.tellBack);
    await Promise.all(Object.values(this.connection.models).map((model) => model.init()));
  }
  /** Its own closing is nothing to tell. */
  beforeApplicationShutdown(): void {
    this.connection.off('disconnected', this.tellGone).off('reconnected', this.tellBack);
  }

  private readonly tellGone = (): void => this.logger.warn('the database is gone; trying to reach it again');
  private readonly tellBack = (): void => this.logger.log('the database is back');
}
