import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { fixture } from './fixtures/reading.js';
import { openReader } from './reader.js';

function* endless(text: string, chunks = Infinity): Generator<Buffer> {
  for (let i = 0; i < chunks; i++) yield Buffer.from(text);
}

describe('streams', () => {
  it('digest and count the bytes as received', async () => {
    const bytes = readFileSync(fixture('ok/utf16le-semicolon.csv'));
    const seen: number[] = [];
    const reader = await openReader(Readable.from([bytes.subarray(0, 5), bytes.subarray(5)]), {
      onBytes: (total) => seen.push(total),
    });
    for await (const row of reader.rows()) expect(row.problem).toBeUndefined();
    expect(reader.digest()).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(reader.bytes).toBe(bytes.length);
    expect(seen).toEqual([5, bytes.length]);
  });

  it('have no digest before their end', async () => {
    const reader = await openReader(Readable.from(endless('a\n', 100_000)));
    expect(() => reader.digest()).toThrow('not been read to its end');
    await reader.close();
  });

  it('are pulled no further than a chunk or two ahead', async () => {
    let pulled = 0;
    const input = (function* () {
      for (;;) {
        pulled++;
        yield Buffer.from('a,b\n'.repeat(16_384));
      }
    })();
    const reader = await openReader(Readable.from(input, { highWaterMark: 1 }));
    const rows = reader.rows();
    for (let i = 0; i < 16_384; i++) await rows.next();
    await new Promise((resolve) => setImmediate(resolve));
    expect(pulled).toBeLessThanOrEqual(4);
    await rows.return();
  });

  it('are destroyed when the loop is left early, or closed before it', async () => {
    const left = Readable.from(endless('a,b\n'.repeat(16_384)));
    for await (const row of (await openReader(left)).rows()) if (row.line > 3) break;
    expect(left.destroyed).toBe(true);

    const closed = Readable.from(endless('a,b\n'.repeat(16_384)));
    await (await openReader(closed)).close();
    expect(closed.destroyed).toBe(true);
  });

  it('pass their errors on', async () => {
    const failing = Readable.from(
      (function* () {
        yield* endless('a,b\n'.repeat(16_384), 2);
        throw new Error('the line went dead');
      })(),
    );
    const reader = await openReader(failing);
    const count = async () => {
      let rows = 0;
      for await (const row of reader.rows()) rows += row.line > 0 ? 1 : 0;
      return rows;
    };
    await expect(count()).rejects.toThrow('the line went dead');
    await expect(openReader(createReadStream(fixture('ok/absent.csv')))).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });
});
