import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { formatKey, newKey, parseKey } from './key-text.js';
import type { KeysService } from './keys.service.js';

const actor = 'first start';

/**
 * Leaves an admin key in `DATA_DIR/admin.key` at the first start with an embedded database, readable by this
 * user alone: whoever can read the folder has the database in it anyway. A key of another database is
 * replaced; one that was taken out of the file is not made again. Returns the file, or null where there is none.
 */
export async function ensureAdminKey(keys: KeysService, dataDir: string): Promise<string | null> {
  const file = resolve(dataDir, 'admin.key');
  const found = await readIfThere(file);
  if (found !== null) {
    const id = parseKey(found.trim())?.id;
    if (id !== undefined && (await keys.isKnown(id))) return file;
  } else if (await keys.hasAnyBy(actor)) return null;
  const parts = newKey();
  // The file is there first: when this is cut off, the next start finds a key that nobody knows and replaces it.
  await writeWhole(file, `${formatKey(parts)}\n`);
  await keys.create({ name: 'admin', role: 'admin' }, actor, parts);
  return file;
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function writeWhole(file: string, text: string): Promise<void> {
  const beside = `${file}.${randomBytes(4).toString('hex')}`;
  await writeFile(beside, text, { mode: 0o600, flag: 'wx' });
  await rename(beside, file);
}
