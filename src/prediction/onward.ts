import type { Item } from '../detector/kind.js';
import { verdicts } from '../registry/bundle/scoring-model.js';
import type { LoadedVersion } from './loaded-version.js';
import { type ModelScore, scoresOf, type VersionMemory } from './score-memory.js';
import { type OwnVerdict, ownVerdict } from './verdict.js';

/** An item, or one that an item leads on to, with what is said of it by itself. */
export interface Onward {
  readonly item: Item;
  readonly score: ModelScore;
  readonly own: OwnVerdict;
}

/** What a version and the item's rule say of it. */
export function byItself({ model }: LoadedVersion, item: Item, score: ModelScore): Onward {
  const { probability } = score;
  return { item, score, own: ownVerdict(item.rule ?? null, model.verdictOf(probability), probability) };
}

/** The worst of what each item leads on to; null where it leads nowhere else. */
export async function onwardOf(
  version: LoadedVersion,
  items: readonly Item[],
  memory: VersionMemory | undefined,
): Promise<(Onward | null)[]> {
  const targets = items.map(({ onward = [] }) => onward);
  const all = targets.flat();
  if (all.length === 0) return items.map(() => null);
  const scores = await scoresOf(version, all, null, memory);
  let from = 0;
  return targets.map((theirs) => {
    const scored = theirs.map((item, i) => byItself(version, item, scores[from + i]));
    from += theirs.length;
    return worst(scored);
  });
}

/** The one with the worst verdict, of equals the more probable threat; null of none. */
function worst(targets: readonly Onward[]): Onward | null {
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
