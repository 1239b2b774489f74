import { Injectable } from '@nestjs/common';
import { RequestInvalidError } from '../common/errors.js';
import { recordPath, recordsOf } from '../common/upload.js';
import type { VerdictDto } from './prediction.dto.js';
import { type AnswerOptions, type Questions, ScoringService } from './scoring.service.js';
import type { UrlVerdictDto, UrlVerdictsDto } from './url-scoring.dto.js';

/** The detector that scores addresses. */
const detector = 'url';

/** An answer may be kept for this long; lists and promotions take effect within it. */
const cacheSeconds = 300;

/** Scores addresses that come as such, not as records with a column. */
@Injectable()
export class UrlScoringService {
  constructor(private readonly scoring: ScoringService) {}

  /** @throws RequestInvalidError, RecordInvalidError naming each address that is none */
  async answer(body: unknown, options: AnswerOptions): Promise<UrlVerdictDto | UrlVerdictsDto> {
    const { single, ...questions } = questionsOf(body);
    const verdicts = (await this.scoring.answerRecords(detector, questions, options)).map(cacheable);
    return single ? verdicts[0] : { verdicts };
  }
}

function cacheable(verdict: VerdictDto): UrlVerdictDto {
  const ends = verdict.list?.expiresAt?.getTime() ?? Infinity;
  const left = Math.max(0, Math.floor((ends - Date.now()) / 1000));
  return { ...verdict, cacheFor: Math.min(cacheSeconds, left) };
}

function questionsOf(body: unknown): Questions & { single: boolean } {
  const { url, urls } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  if (url !== undefined && urls !== undefined) {
    throw new RequestInvalidError([{ path: 'url', message: 'stands beside urls; send one of the two' }]);
  }
  if (url !== undefined) return { records: [{ url }], pathOf: () => 'url', single: true };
  if (urls === undefined) {
    const pathOf = (i: number, field: string): string => `${recordPath(body, i)}.${field}`;
    return { records: recordsOf(body, 'send {url} or {urls}'), pathOf, single: 'record' in (body as object) };
  }
  if (!Array.isArray(urls) || urls.length === 0) {
    throw new RequestInvalidError([{ path: 'urls', message: 'must be an array with at least one address' }]);
  }
  return { records: urls.map((one: unknown) => ({ url: one })), pathOf: (i) => `urls[${i}]`, single: false };
}
