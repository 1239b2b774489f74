import { Injectable } from '@nestjs/common';
import { oneOrMany } from '../common/one-or-many.js';
import { urlDetector } from './event-urls.service.js';
import type { VerdictDto } from './prediction.dto.js';
import { type AnswerOptions, type Questions, recordQuestions, ScoringService } from './scoring.service.js';
import type { UrlVerdictDto, UrlVerdictsDto } from './url-scoring.dto.js';

/** An answer may be kept for this long; lists and promotions take effect within it. */
const cacheSeconds = 300;

/** Scores addresses that come as such, not as records with a column. */
@Injectable()
export class UrlScoringService {
  constructor(private readonly scoring: ScoringService) {}

  /** @throws RequestInvalidError, RecordInvalidError naming each address that is none */
  async answer(body: unknown, options: AnswerOptions): Promise<UrlVerdictDto | UrlVerdictsDto> {
    const { single, ...questions } = questionsOf(body);
    const verdicts = (await this.scoring.answerRecords(urlDetector, questions, options)).map(cacheable);
    return single ? verdicts[0] : { verdicts };
  }
}

function cacheable(verdict: VerdictDto): UrlVerdictDto {
  const ends = verdict.list?.expiresAt?.getTime() ?? Infinity;
  const left = Math.max(0, Math.floor((ends - Date.now()) / 1000));
  return { ...verdict, cacheFor: Math.min(cacheSeconds, left) };
}

/** Addresses as such, or as records with a column `url`. @throws RequestInvalidError */
function questionsOf(body: unknown): Questions & { readonly single: boolean } {
  const asRecords = typeof body === 'object' && body !== null && ('record' in body || 'records' in body);
  if (asRecords) return recordQuestions(body);
  const { values, single, pathOf } = oneOrMany(body, 'url', 'urls');
  return { records: values.map((url) => ({ url })), single, pathOf };
}
