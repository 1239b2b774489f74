import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import type { Alert } from '../alerts/alert.js';

/** Alerts that a receiver refused together. */
export interface SetAsideBatch {
  readonly id: string;
  /** What the receiver is called in messages. */
  readonly receiver: string;
  /** Digest of the receiver's address, which may hold secrets. */
  readonly address: string;
  readonly at: string;
  /** Why they were refused. */
  readonly reason: string;
  readonly alerts: readonly Alert[];
}

/** Keeps refused alerts in files of `DATA_DIR/set-aside`, until they are sent again. */
@Injectable()
export class SetAsideStore {
  private readonly folder: string;

  constructor({ dataDir }: Environment) {
    this.folder = join(dataDir, 'set-aside');
  }

  /** @param to the receiver's address */
  async add(
    to: string,
    receiver: string,
    alerts: readonly Alert[],
    reason: string,
    now = new Date(),
  ): Promise<void> {
    const address = digestOf(to);
    const at = now.toISOString();
    const id = digestOf([address, at, ...alerts.map((alert) => alert.id)].join());
    const batch: SetAsideBatch = { id, receiver, address, at, reason, alerts };
    await mkdir(this.folder, { recursive: true });
    const file = this.fileOf(id);
    const handle = await open(`${file}.part`, 'w');
    try {
      await handle.writeFile(JSON.stringify(batch));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(`${file}.part`, file);
  }

  /** All of them, the oldest first. */
  async list(): Promise<SetAsideBatch[]> {
    const names = await readdir(this.folder).catch((error: NodeJS.ErrnoException): string[] => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    const files = names.filter((name) => name.endsWith('.json'));
    const texts = await Promise.all(files.map((name) => readFile(join(this.folder, name), 'utf8')));
    const batches = texts.map((text) => JSON.parse(text) as SetAsideBatch);
    return batches.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  }

  async remove({ id }: SetAsideBatch): Promise<void> {
    await rm(this.fileOf(id), { force: true });
  }

  private fileOf(id: string): string {
    return join(this.folder, `${id}.json`);
  }
}

export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
