import { MongoBinary } from 'mongodb-memory-server-core';
import { toError } from '../../common/errors.js';
import { type DownloadReport } from './downloaded-mongod.js';

// Run as a process of its own: the library prints to the console, and a download can only be ended by
// ending the process.

// The library checks the server's certificate only when npm's setting, read from here, says so.
// eslint-disable-next-line no-restricted-syntax
process.env.npm_config_strict_ssl = 'true';

/** The report's line is the last one; what comes before is the library's. */
function print(report: DownloadReport): void {
  process.stdout.write(`\n${JSON.stringify(report)}\n`);
}

try {
  print({ path: await MongoBinary.getPath({ downloadDir: process.argv[2] }) });
} catch (error) {
  print({ error: toError(error).message });
}
