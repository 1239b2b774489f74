import { WordMatcher } from './word-matcher.js';

function find(matcher: WordMatcher, text: string): string[] {
  const found: string[] = [];
  matcher.find(text, (word, from, to) => found.push(`${matcher.words[word]} ${from}-${to}`));
  return found;
}

describe('the word matcher', () => {
  const matcher = new WordMatcher(['he', 'she', 'his', 'hers', 's3']);

  it.each([
    ['ushers', ['she 1-4', 'he 2-4', 'hers 2-6']],
    ['hehe', ['he 0-2', 'he 2-4']],
    ['s-he', ['he 2-4']],
    ['shis3', ['his 1-4', 's3 3-5']],
    ['éhe', ['he 1-3']],
    ['xyz', []],
    ['', []],
  ])('finds all words in %j', (text, found) => {
    expect(find(matcher, text)).toEqual(found);
  });

  it('reads characters as others where told to', () => {
    expect(find(new WordMatcher(['hello'], { '0': 'o', '1': 'l', i: 'l' }), 'xhe1i0')).toEqual(['hello 1-6']);
  });

  it.each([['a-b'], ['A'], ['']])('refuses %j', (word) => {
    expect(() => new WordMatcher([word])).toThrow(RangeError);
  });
});
