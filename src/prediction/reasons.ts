import type { Item, ScoredRow } from '../detector/kind.js';
import { kindOf } from '../detector/kinds.js';
import type { Contract } from '../detector/contract.js';
import type { LoadedVersion } from './loaded-version.js';
import type { ModelScore } from './score-memory.js';
import type { VerdictReason } from './verdict.js';

const maxReasons = 5;

/** What moved a score most, the strongest first; what did not move it is no reason. */
export function reasonsOf(contract: Contract, row: ScoredRow): VerdictReason[] {
  return kindOf(contract)
    .reasons(row)
    .filter(({ contribution }) => contribution !== 0)
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
    .slice(0, maxReasons)
    .map(({ text, ...reason }) => ({
      ...reason,
      text: `${text}: ${reason.contribution > 0 ? 'speaks for a threat' : 'speaks against a threat'}`,
    }));
}

/** Why a version gave an item its score; where its like was never seen, that comes last. @param score with its row */
export function explainRow(
  { contract, model }: LoadedVersion,
  item: Item,
  { novelty, row: place }: ModelScore,
): VerdictReason[] {
  const { x, row } = place!;
  const features = x.row(row);
  const contributed = model.explain(features, x.sparse?.row(row));
  const reasons = reasonsOf(contract, { item, features, contributions: contributed });
  const contributions = novelty?.isNew ? model.explainNovelty(features) : null;
  const rows = model.noveltyRows;
  if (!novelty || !contributions || rows === null) return reasons;
  const unusual = { ...novelty, rows, contributions: contributions.values };
  const reason = kindOf(contract).noveltyReason?.(unusual);
  return reason ? [...reasons, reason] : reasons;
}
