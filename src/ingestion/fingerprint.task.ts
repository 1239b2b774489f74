import { createHash } from 'node:crypto';
import type { MessagePort } from 'node:worker_threads';
import type { Contract } from '../detector/contract.js';
import { separateSplitColumns } from '../detector/kinds.js';
import { takeOver } from './hand-over.js';
import type { StoredRecord } from './record.schema.js';
import { placesReader } from './snapshot-places.js';

export interface FingerprintInput {
  readonly contract: Contract;
  /** Where the records come from, in no order. */
  readonly records: MessagePort;
}

/** The fingerprint of the snapshot that these records would give; null where there would be none. */
export default async function fingerprint({ contract, records }: FingerprintInput): Promise<string | null> {
  const placesOf = placesReader(contract, separateSplitColumns(contract));
  const ids: string[] = [];
  await takeOver(records, ({ _id, split }: Pick<StoredRecord, '_id' | 'split'>) => {
    if (!placesOf({ row: {}, split }).some(Number.isNaN)) ids.push(_id);
  });
  if (ids.length === 0) return null;
  const hash = createHash('sha256');
  for (const id of ids.sort()) hash.update(id);
  return hash.digest('hex');
}
