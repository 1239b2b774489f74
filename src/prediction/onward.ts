import type { Item } from '../detector/kind.js';
import { verdicts } from '../registry/bundle/scoring-model.js';
import type { ModelScore } from './score-memory.js';
import type { OwnVerdict } from './verdict.js';

/** An item, or one that an item leads on to, with what is said of it by itself. */
export interface Onward {
  readonly item: Item;
  readonly score: ModelScore;
  readonly own: OwnVerdict;
}

/** The one with the worst verdict, of equals the more probable threat; null of none. */
export function worst(targets: readonly Onward[]): Onward | null {
  return targets.reduce<Onward | null>(
    (found, target) => (found === null || isWorse(target.own, found.own) ? target : found),
    null,
  );
}

/** Where an item leads on to what has a worse verdict than itself, that counts for the item, and says why. */
export function worse(item: Onward, onward: Onward | null): Onward {
  if (onward === null || rank(onward.own) <= rank(item.own)) return item;
  const { verdict, probability, rule } = onward.own;
  const text = `sends visitors on to ${String(onward.item.values[0])}, which by itself is ${verdict}`;
  const texts = [text, ...(rule?.texts ?? [])];
  return {
    ...onward,
    own: { verdict, probability, rule: { verdict, feature: 'onward', texts, probability } },
  };
}

function isWorse(a: OwnVerdict, b: OwnVerdict): boolean {
  return rank(a) === rank(b) ? a.probability > b.probability : rank(a) > rank(b);
}

function rank({ verdict }: OwnVerdict): number {
  return verdicts.indexOf(verdict);
}
