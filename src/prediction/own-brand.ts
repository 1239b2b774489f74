import type { OwnBrandImitation } from '../detector/url/own-brands.js';
import { verdicts, type VerdictName } from '../registry/bundle/scoring-model.js';
import type { DecidedBy, VerdictReason } from './verdict.js';

interface Decided {
  readonly verdict: VerdictName;
  readonly decidedBy: DecidedBy;
}

/**
 * An address that imitates a brand of one's own is at least suspicious, and malicious where it is a lure as well. No model
 * learns from such names, so that its features stay the same wherever it serves; an entry of a list has the last word.
 */
export function withOwnBrand<T extends Decided>(decision: T, imitation: OwnBrandImitation | null): T {
  // What leads into one's own network leads to nobody who imitates one.
  const isSettled =
    decision.decidedBy === 'list' || (decision.decidedBy === 'rule' && decision.verdict === 'benign');
  if (imitation === null || isSettled) return decision;
  const least: VerdictName = imitation.isLure ? 'malicious' : 'suspicious';
  if (verdicts.indexOf(decision.verdict) >= verdicts.indexOf(least)) return decision;
  return { ...decision, verdict: least, decidedBy: 'rule' };
}

/** The sentence about the brand, whoever decided. */
export function ownBrandReasons(imitation: OwnBrandImitation | null): VerdictReason[] {
  if (imitation === null) return [];
  return [{ feature: 'own-brand', value: imitation.brand.name, contribution: null, text: imitation.text }];
}
