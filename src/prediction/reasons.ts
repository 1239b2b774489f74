import type { Item, Reason, ScoredRow } from '../detector/kind.js';
import { kindOf } from '../detector/kinds.js';
import type { Contract } from '../detector/contract.js';
import type { LoadedVersion } from './loaded-version.js';
import type { ModelScore } from './score-memory.js';
import type { VerdictReason } from './verdict.js';

const maxReasons = 5;

/** Shares of all that moved a score below which what moved it is no reason. */
const negligible = 0.01;

/**
 * What moved a score most: first what moved it in the direction of its verdict, then what spoke against that, the
 * strongest first. What did not move it is no reason, unless its kind has a place for it.
 */
export function reasonsOf(contract: Contract, row: ScoredRow, isFlagged: boolean): VerdictReason[] {
  const all = kindOf(contract).reasons(row, isFlagged);
  const whole = all.reduce((sum, { contribution }) => sum + Math.abs(contribution), 0);
  const isMoving = ({ contribution }: Reason): boolean => Math.abs(contribution) > negligible * whole;
  const moving = all.filter((reason) => reason.place === 'first' || isMoving(reason));
  const placed = (place: Reason['place']): Reason[] => moving.filter((reason) => reason.place === place);
  const isWithVerdict = ({ contribution }: Reason): boolean => contribution > 0 === isFlagged;
  const others = placed(undefined).sort(
    (a, b) =>
      Number(isWithVerdict(b)) - Number(isWithVerdict(a)) ||
      Math.abs(b.contribution) - Math.abs(a.contribution),
  );
  const [first, last] = [placed('first'), placed('last')];
  const shown = [...first, ...others.slice(0, maxReasons - first.length - last.length), ...last];
  return shown.map(({ place: _, text, ...reason }) => ({
    ...reason,
    text: withDirection(text, reason.contribution),
  }));
}

function withDirection(text: string, contribution: number): string {
  if (contribution === 0) return text;
  return `${text}: ${contribution > 0 ? 'speaks for a threat' : 'speaks against a threat'}`;
}

/** Why a version gave an item its score; where its like was never seen, that comes last. @param score with its row */
export function explainRow(
  { contract, model }: LoadedVersion,
  item: Item,
  { probability, novelty, row: place }: ModelScore,
): VerdictReason[] {
  const { x, row } = place!;
  const features = x.row(row);
  const contributed = model.explain(features, x.sparse?.row(row));
  const isFlagged = model.verdictOf(probability) !== 'benign';
  const reasons = reasonsOf(contract, { item, features, contributions: contributed }, isFlagged);
  const contributions = novelty?.isNew ? model.explainNovelty(features) : null;
  const rows = model.noveltyRows;
  if (!novelty || !contributions || rows === null) return reasons;
  const unusual = { ...novelty, rows, contributions: contributions.values };
  const reason = kindOf(contract).noveltyReason?.(unusual);
  return reason ? [...reasons, reason] : reasons;
}
