import { LRUCache } from 'lru-cache';
import { nextTurn } from '../common/turns.js';
import type { Value } from '../detector/tabular/cells.js';
import type { Matrix } from '../ml/matrix.js';
import type { Novelty } from '../registry/bundle/novelty.js';
import type { LoadedVersion } from './loaded-version.js';
import type { ReasonDto } from './prediction.dto.js';
import { explainRow } from './reasons.js';

/** What a version says of a record by itself, before the lists have their word. */
export interface Judgement {
  readonly probability: number;
  /** Null where nobody asked for them. */
  readonly reasons: readonly ReasonDto[] | null;
  /** Null where the contract does not ask for it. */
  readonly novelty: Novelty | null;
}

type Row = readonly Value[];

/** A judgement a row, in order. */
export async function judge(
  version: LoadedVersion,
  rows: readonly Row[],
  explain: boolean,
): Promise<Judgement[]> {
  const x = await version.features(rows);
  const probabilities = version.model.score(x);
  const novelties = version.model.novelty(x);
  const judgements: Judgement[] = [];
  for (const [i, probability] of probabilities.entries()) {
    // Explaining a row of a large forest takes milliseconds; others get their turn in between.
    if (explain && i > 0) await nextTurn();
    const novelty = novelties?.[i] ?? null;
    const reasons = explain ? reasonsFor(version, rows[i], x, i, novelty) : null;
    judgements.push({ probability, reasons, novelty });
  }
  return judgements;
}

/** Characters of records, and as many again for what was said of each: some 8,000 addresses in 16 MB. */
const mostKept = 2 ** 23;
const judgementSize = 1000;

/** What versions said of their latest records: those of requests recur, and nothing else goes into a judgement. */
export class Judgements {
  private readonly kept = new WeakMap<LoadedVersion, LRUCache<string, Judgement>>();

  /** A judgement a row, in order; rows that were judged lately are not judged again. */
  async of(version: LoadedVersion, rows: readonly Row[], explain: boolean): Promise<Judgement[]> {
    const latest = this.latestOf(version);
    const keys = rows.map((row) => JSON.stringify(row));
    const judgements = keys.map((key) => latest.get(key));
    const missing = [...rows.keys()].filter((i) => !judgements[i] || (explain && !judgements[i].reasons));
    if (missing.length > 0) {
      const judged = await judge(
        version,
        missing.map((i) => rows[i]),
        explain,
      );
      missing.forEach((i, j) => {
        judgements[i] = judged[j];
        latest.set(keys[i], judged[j]);
      });
    }
    return judgements as Judgement[];
  }

  private latestOf(version: LoadedVersion): LRUCache<string, Judgement> {
    let latest = this.kept.get(version);
    if (!latest) {
      latest = new LRUCache({
        maxSize: mostKept,
        sizeCalculation: (_, key) => key.length + judgementSize,
      });
      this.kept.set(version, latest);
    }
    return latest;
  }
}

function reasonsFor(
  version: LoadedVersion,
  values: Row,
  x: Matrix,
  i: number,
  novelty: Novelty | null,
): ReasonDto[] {
  const sparse = x.sparse?.row(i);
  return explainRow(version, { values, features: x.row(i), novelty, ...(sparse && { sparse }) });
}
