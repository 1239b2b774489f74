import { LRUCache } from 'lru-cache';
import type { FeaturizedItems, Item } from '../detector/kind.js';
import type { Matrix } from '../ml/matrix.js';
import type { Novelty } from '../registry/bundle/novelty.js';
import type { LoadedVersion } from './loaded-version.js';
import type { VerdictReason } from './verdict.js';

/** What a version says of an item by itself, before lists and findings. */
export interface ModelScore {
  /** Calibrated, of threat. */
  readonly probability: number;
  /** Null where the contract does not ask for it. */
  readonly novelty: Novelty | null;
  /** Null until somebody wants them. */
  reasons: readonly VerdictReason[] | null;
  /** Where the item's features stand; absent of remembered scores. */
  row?: { readonly x: Matrix; readonly row: number };
}

/** A score an item, in order. @param featurized null for independent items, of which only those without a score are featurized */
export async function scoresOf(
  version: LoadedVersion,
  items: readonly Item[],
  featurized: FeaturizedItems | null,
  memory?: VersionMemory,
): Promise<ModelScore[]> {
  if (featurized) return modelScores(version, featurized.x);
  const known = items.map((item) => memory?.find(item));
  const missing = [...items.keys()].filter((i) => !known[i]);
  if (missing.length > 0) {
    const { x } = await version.featurize(missing.map((i) => items[i]));
    modelScores(version, x).forEach((score, j) => {
      known[missing[j]] = score;
      memory?.keep(items[missing[j]], score);
    });
  }
  return known as ModelScore[];
}

function modelScores({ model }: LoadedVersion, x: Matrix): ModelScore[] {
  const novelties = model.novelty(x);
  return Array.from(model.score(x), (probability, row) => ({
    probability,
    novelty: novelties?.[row] ?? null,
    reasons: null,
    row: { x, row },
  }));
}

/** Characters of items, and as many again for the scores: some 8,000 addresses in 16 MB. */
const mostKept = 2 ** 23;
const scoreSize = 1000;

/** The scores of the latest items of each version: those of requests recur, and nothing but the item goes into them. */
export class ScoreMemory {
  private readonly versions = new WeakMap<LoadedVersion, VersionMemory>();

  of(version: LoadedVersion): VersionMemory {
    let memory = this.versions.get(version);
    if (!memory) this.versions.set(version, (memory = new VersionMemory()));
    return memory;
  }
}

export class VersionMemory {
  private readonly scores = new LRUCache<string, ModelScore>({
    maxSize: mostKept,
    sizeCalculation: (_, key) => key.length + scoreSize,
  });

  find({ values }: Item): ModelScore | undefined {
    const known = this.scores.get(JSON.stringify(values));
    return known && { ...known };
  }

  keep({ values }: Item, { row: _, ...score }: ModelScore): void {
    this.scores.set(JSON.stringify(values), score);
  }
}
