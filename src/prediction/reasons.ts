import type { ScoredRow } from '../detector/kind.js';
import { kindOf } from '../detector/kinds.js';
import type { Contract } from '../detector/contract.js';
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
