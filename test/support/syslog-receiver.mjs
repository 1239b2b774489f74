// A syslog receiver in a process of its own: `node syslog-receiver.mjs <port> <file>`. It prints its port once it
// listens, and appends each message that it has read whole to the file, a line each.
import { Buffer } from 'node:buffer';
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:net';
import process from 'node:process';

const [port, file] = process.argv.slice(2);

const server = createServer((socket) => {
  let bytes = Buffer.alloc(0);
  socket
    .on('error', () => undefined)
    .on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      for (let blank = bytes.indexOf(' '); blank > 0; blank = bytes.indexOf(' ')) {
        const end = blank + 1 + Number(bytes.subarray(0, blank));
        if (bytes.length < end) break;
        appendFileSync(file, `${bytes.subarray(blank + 1, end)}\n`);
        bytes = bytes.subarray(end);
      }
    });
});
server.listen(Number(port), '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
