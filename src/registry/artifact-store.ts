import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { type Connection, mongo } from 'mongoose';
import { digestOf } from './bundle/bundle-codec.js';
import { BundleDamagedError } from './registry.errors.js';

/** Keeps immutable files under their sha256. */
export abstract class ArtifactStore {
  /** Stores the bytes once, however often they are put; they count as stored now. Returns their sha256 in hex. */
  abstract put(bytes: Buffer): Promise<string>;
  /** @throws BundleDamagedError when there is no such file or its bytes do not have that digest. */
  abstract get(sha256: string): Promise<Buffer>;
  /** Digests of the files that were last put before a moment. */
  abstract storedBefore(moment: Date): Promise<string[]>;
  /** Deletes a file unless it was put again since. Returns whether it did. */
  abstract removeStoredBefore(sha256: string, moment: Date): Promise<boolean>;
  /** Deletes what uploads begun before a moment, and never finished, have left. */
  abstract removeFragments(moment: Date): Promise<void>;
}

@Injectable()
export class GridFsArtifactStore extends ArtifactStore {
  constructor(@InjectConnection() private readonly connection: Connection) {
    super();
  }

  async put(bytes: Buffer): Promise<string> {
    const sha256 = digestOf(bytes);
    // First of all, so that the file is not taken for an orphan while it is looked at.
    const { matchedCount } = await this.files.updateMany(
      { filename: sha256 },
      { $set: { uploadDate: new Date() } },
    );
    if (matchedCount > 0 && (await this.holds(sha256))) return sha256;
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

  async storedBefore(moment: Date): Promise<string[]> {
    const files = this.files.find({ uploadDate: { $lt: moment } }, { projection: { filename: 1 } });
    return [...new Set((await files.toArray()).map(({ filename }) => filename))];
  }

  async removeStoredBefore(sha256: string, moment: Date): Promise<boolean> {
    const old = { filename: sha256, uploadDate: { $lt: moment } };
    let removed = 0;
    for (const { _id } of await this.files.find(old, { projection: { _id: 1 } }).toArray()) {
      const { deletedCount } = await this.files.deleteOne({ _id, ...old });
      if (deletedCount === 0) continue;
      await this.chunks.deleteMany({ files_id: _id });
      removed++;
    }
    return removed > 0;
  }

  async removeFragments(moment: Date): Promise<void> {
    const begun = (await this.chunks.distinct('files_id')) as mongo.ObjectId[];
    const old = begun.filter((id) => id.getTimestamp() < moment);
    const whole = await this.files.find({ _id: { $in: old } }, { projection: { _id: 1 } }).toArray();
    const known = new Set(whole.map(({ _id }) => String(_id)));
    for (const id of old) if (!known.has(String(id))) await this.chunks.deleteMany({ files_id: id });
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

  private get files(): mongo.Collection<mongo.GridFSFile> {
    return this.connection.db!.collection('bundles.files');
  }

  private get chunks(): mongo.Collection {
    return this.connection.db!.collection('bundles.chunks');
  }
}
