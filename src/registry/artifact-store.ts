import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { type Connection, mongo } from 'mongoose';
import { digestOf } from './bundle/bundle-codec.js';
import { BundleDamagedError } from './registry.errors.js';

/** Keeps immutable files under their sha256. */
export abstract class ArtifactStore {
  /** Stores the bytes once, however often they are put. Returns their sha256 in hex. */
  abstract put(bytes: Buffer): Promise<string>;
  /** @throws BundleDamagedError when there is no such file or its bytes do not have that digest. */
  abstract get(sha256: string): Promise<Buffer>;
}

@Injectable()
export class GridFsArtifactStore extends ArtifactStore {
  constructor(@InjectConnection() private readonly connection: Connection) {
    super();
  }

  async put(bytes: Buffer): Promise<string> {
    const sha256 = digestOf(bytes);
    if (await this.holds(sha256)) return sha256;
    await new Promise<void>((resolve, reject) => {
      const upload = this.bucket.openUploadStream(sha256, { metadata: { sha256 } });
      upload.once('finish', resolve).once('error', reject);
      upload.end(bytes);
    });
    return sha256;
  }

  async get(sha256: string): Promise<Buffer> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of this.bucket.openDownloadStreamByName(sha256)) chunks.push(chunk as Buffer);
    } catch (error) {
      if (error instanceof mongo.MongoGridFSChunkError)
        throw new BundleDamagedError('chunks of it are missing');
      if (error instanceof mongo.MongoRuntimeError && /FileNotFound/.test(error.message)) {
        throw new BundleDamagedError(`there is no file ${sha256}`);
      }
      throw error;
    }
    const bytes = Buffer.concat(chunks);
    if (digestOf(bytes) !== sha256)
      throw new BundleDamagedError('its bytes do not have the digest they were stored under');
    return bytes;
  }

  /** Whether the file is there whole; a damaged one is replaced by the next put of the same bytes. */
  private async holds(sha256: string): Promise<boolean> {
    try {
      await this.get(sha256);
      return true;
    } catch (error) {
      if (!(error instanceof BundleDamagedError)) throw error;
      return false;
    }
  }

  private get bucket(): mongo.GridFSBucket {
    return new mongo.GridFSBucket(this.connection.db!, { bucketName: 'bundles' });
  }
}
