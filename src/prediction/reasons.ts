import type { ScoredRow } from '../detector/kind.js';
import { kindOf } from '../detector/kinds.js';
import type { Contract } from '../detector/contract.js';
import type { SparseRow } from '../ml/csr-matrix.js';
import type { Novelty } from '../registry/bundle/novelty.js';
import type { LoadedVersion } from './loaded-version.js';
import type { ReasonDto } from './prediction.dto.js';

const maxReasons = 5;

/** What moved a score most, the strongest first; what did not move it is no reason. */
export function reasonsOf(contract: Contract, row: ScoredRow): ReasonDto[] {
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

/** A row that a version scored. */
export interface RowToExplain extends Pick<ScoredRow, 'values'> {
  readonly features: Float64Array;
  /** Its n-grams, for models that look at them. */
  readonly sparse?: SparseRow;
  readonly novelty: Novelty | null;
}

/** Why a version gave a row its score; where its like was never seen, that comes last. */
export function explainRow({ contract, model }: LoadedVersion, row: RowToExplain): ReasonDto[] {
  const { values, features, sparse, novelty } = row;
  const reasons = reasonsOf(contract, { values, features, contributions: model.explain(features, sparse) });
  const contributions = novelty?.isNew ? model.explainNovelty(features) : null;
  const rows = model.noveltyRows;
  if (!novelty || !contributions || rows === null) return reasons;
  const unusual = { ...novelty, rows, contributions: contributions.values };
  const reason = kindOf(contract).noveltyReason?.(unusual);
  return reason ? [...reasons, reason] : reasons;
}
