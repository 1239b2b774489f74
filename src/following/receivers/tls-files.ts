import { readFileSync } from 'node:fs';
import { RequestInvalidError } from '../../common/errors.js';
import type { Environment } from '../../config/environment.js';

/** Whom to believe, and who to say one is, in PEM. */
export interface TlsFiles {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** @throws RequestInvalidError naming the key whose file cannot be read */
export function readTlsFiles({ receiverTls }: Environment): TlsFiles {
  const { caFile, certFile, keyFile } = receiverTls;
  return {
    ...(caFile && { ca: read('RECEIVER_CA_FILE', caFile) }),
    ...(certFile && { cert: read('RECEIVER_CERT_FILE', certFile) }),
    ...(keyFile && { key: read('RECEIVER_KEY_FILE', keyFile) }),
  };
}

function read(path: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const message = `the file cannot be read: ${(error as Error).message}`;
    throw new RequestInvalidError([{ path, message }], 'The receiver cannot be reached this way.');
  }
}
