import type { ServedModelCard } from './model-card.js';
import { modelCardMarkdown } from './model-card-markdown.js';

export const cardFormats = ['json', 'markdown'] as const;
export type CardFormat = (typeof cardFormats)[number];

export const cardTypes: Readonly<Record<CardFormat, string>> = {
  json: 'application/json; charset=utf-8',
  markdown: 'text/markdown; charset=utf-8',
};

/** A model card as text. */
export function writeCard(card: ServedModelCard, format: CardFormat): string {
  return format === 'markdown' ? modelCardMarkdown(card) : JSON.stringify(card);
}

/**
 * The format that an `Accept` header prefers (RFC 9110, 12.5.1): Markdown when the header ranks it above JSON, JSON when
 * it ranks them equal, says nothing or takes neither.
 */
export function acceptedFormat(accept = ''): CardFormat {
  const ranges = accept
    .toLowerCase()
    .split(',')
    .map((range) => range.split(';').map((part) => part.trim()));
  const quality = (...matching: readonly string[]): number => {
    const found = matching.map((name) => ranges.find(([range]) => range === name)).find((range) => range);
    const q = found?.find((parameter) => parameter.startsWith('q='))?.slice(2);
    return found ? Number(q ?? 1) : 0;
  };
  const markdown = quality('text/markdown', 'text/*', '*/*');
  return markdown > quality('application/json', 'application/*', '*/*') ? 'markdown' : 'json';
}
