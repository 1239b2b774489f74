import { acceptedFormat, writeCard } from './card-format.js';
import { exampleCard } from './example-card.js';

describe('the format of a card', () => {
  it.each([
    [undefined, 'json'],
    ['', 'json'],
    ['*/*', 'json'],
    ['application/json', 'json'],
    ['text/html,application/xhtml+xml,*/*;q=0.8', 'json'],
    ['text/markdown', 'markdown'],
    ['TEXT/Markdown; charset=utf-8', 'markdown'],
    ['text/*', 'markdown'],
    ['text/markdown, application/json;q=0.9', 'markdown'],
    ['text/markdown;q=0.5, application/json', 'json'],
    ['text/markdown;q=0.5, */*;q=0.1', 'markdown'],
    ['text/markdown;q=0, */*', 'json'],
    ['text/markdown;q=often', 'json'],
  ] as const)('follows Accept: %s', (accept, format) => {
    expect(acceptedFormat(accept)).toBe(format);
  });

  it('is JSON of the whole card, or its Markdown', () => {
    expect(JSON.parse(writeCard(exampleCard, 'json')).evaluation.curves.roc).toHaveLength(4);
    expect(writeCard(exampleCard, 'markdown')).toMatch(/^# phishing-website, version 3\n/);
  });
});
