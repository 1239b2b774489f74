import { createHash } from 'node:crypto';
import type { ReadRow } from './reader.js';
import { recordsReader } from './records-reader.js';

describe('recordsReader', () => {
  it('gives parsed records as rows, numbered by their place', async () => {
    const reader = recordsReader([{ url: 'http://a.test/' }, 7]);
    const rows: ReadRow[] = [];
    for await (const row of reader.rows()) rows.push(row);
    expect(rows).toEqual([
      { line: 1, values: { url: 'http://a.test/' }, raw: '{"url":"http://a.test/"}' },
      { line: 2, code: 'NOT_AN_OBJECT', problem: 'not a JSON object but a number', raw: '7' },
    ]);
    const text = '[{"url":"http://a.test/"},7]';
    expect(reader.bytes).toBe(text.length);
    expect(reader.digest()).toBe(createHash('sha256').update(text).digest('hex'));
  });
});
