import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { listFolder, readTable, readWordList } from './word-list.js';

describe('a list of words or domains', () => {
  it.each(readdirSync(listFolder))('says source, date and licence and has no entry twice: %s', (file) => {
    const lines = readFileSync(resolve(listFolder, file), 'utf8').split('\n');
    const head = lines.slice(0, lines.indexOf(''));
    expect(head.filter((line) => !line.startsWith('#'))).toEqual([]);
    expect(head.join('\n')).toMatch(/\n# Source: .+\n# Date: \d{4}-\d{2}-\d{2}\n# Licence: .+$/);
    // A gateway may wrap in several ways, each an entry of its own.
    const words = file === 'wrappers.txt' ? 2 : 1;
    const entries = readTable(file, /^/).map((fields) => fields.at(-1)?.split(' ', words).join(' '));
    expect(entries.filter((entry, i) => entries.indexOf(entry) !== i)).toEqual([]);
  });

  it('names file and line of what is no entry', () => {
    expect(() => readWordList('suspicious-words.txt', /^log/)).toThrow(
      /^data\/url\/suspicious-words\.txt, line 9: 'signin' is no entry$/,
    );
  });
});
