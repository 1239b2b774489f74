import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable, Logger } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { type Place, placeSchema } from './place.js';

/** Keeps places in files of `DATA_DIR/places`: they belong to logs of this machine. */
@Injectable()
export class PlaceStore {
  private readonly logger = new Logger(PlaceStore.name);
  private readonly folder: string;

  constructor({ dataDir }: Environment) {
    this.folder = join(dataDir, 'places');
  }

  /**
   * @param follower whose place it is: what tells it from others that follow the same log
   * @returns null for a new follower, and where the file is damaged: the log is then read from its beginning
   */
  async load(follower: readonly string[]): Promise<Place | null> {
    const file = this.fileOf(follower);
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (text === null) return null;
    const parsed = placeSchema.safeParse(jsonOf(text));
    if (parsed.success) return parsed.data;
    this.logger.warn(`${file} is damaged: the log is read from its beginning`);
    return null;
  }

  /** After a crash there is the old place or the new one, never half of it. */
  async save(follower: readonly string[], place: Place): Promise<void> {
    const file = this.fileOf(follower);
    const beside = `${file}.${process.pid}.part`;
    await mkdir(this.folder, { recursive: true });
    const handle = await open(beside, 'w');
    try {
      await handle.writeFile(JSON.stringify(place));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, file);
  }

  private fileOf(follower: readonly string[]): string {
    const digest = createHash('sha256').update(JSON.stringify(follower)).digest('hex');
    return join(this.folder, `${digest.slice(0, 32)}.json`);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
