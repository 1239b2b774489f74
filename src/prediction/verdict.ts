import type { Context, Item, ItemFinding, Reason } from '../detector/kind.js';
import { describeFinding } from '../detector/flow/host-finding.js';
import type { ListEntry } from '../lists/list-entry.schema.js';
import type { Novelty } from '../registry/bundle/novelty.js';
import type { VerdictName } from '../registry/bundle/scoring-model.js';
import type { LoadedVersion } from './loaded-version.js';

/** Which alias the version that scored had: a canary's verdicts come from the challenger. */
export const servers = ['champion', 'challenger'] as const;
export type ServedBy = (typeof servers)[number];

/** Who has the last word on a verdict; a rule of the program's own where no model is needed. */
export const deciders = ['model', 'list', 'finding', 'rule'] as const;
export type DecidedBy = (typeof deciders)[number];

/** One thing that moved a verdict, in words. */
export interface VerdictReason extends Omit<Reason, 'contribution'> {
  /** As of `Reason`; null where it decides by itself. */
  readonly contribution: number | null;
}

/** The verdict on an item, with all that it rests on. */
export interface Verdict {
  readonly id: string;
  readonly item: Item;
  /** That scored. */
  readonly version: LoadedVersion;
  readonly servedBy: ServedBy;
  /** What else was known of the item. */
  readonly context: Context;
  /** Calibrated probability of threat, the version's. */
  readonly probability: number;
  /** How unlike all that the version learned from the item is; null where the version does not know. */
  readonly novelty: Novelty | null;
  readonly modelVerdict: VerdictName;
  readonly verdict: VerdictName;
  readonly decidedBy: DecidedBy;
  /** The entry that decided; null without one. */
  readonly list: ListEntry | null;
  /** What the item's host was found to do with it. */
  readonly findings: readonly ItemFinding[];
  /** What decided in place of the model first, then what moved the score most. Those of the model only where asked for. */
  readonly reasons: readonly VerdictReason[];
}

type Decision = Pick<Verdict, 'verdict' | 'decidedBy' | 'list' | 'findings'>;

/**
 * Lets an entry of the allow or the deny list have the last word; without one, an item that is part of a finding is at
 * least suspicious. The probability stays the model's, so that both can be seen.
 */
export function decide(
  modelVerdict: VerdictName,
  list: ListEntry | null,
  findings: readonly ItemFinding[],
): Decision {
  if (list) {
    return { verdict: list.list === 'allow' ? 'benign' : 'malicious', decidedBy: 'list', list, findings };
  }
  if (findings.length > 0 && modelVerdict === 'benign') {
    return { verdict: 'suspicious', decidedBy: 'finding', list, findings };
  }
  return { verdict: modelVerdict, decidedBy: 'model', list, findings };
}

/** The reasons that are none of the model's. */
export function decidingReasons({ list, findings }: Decision): VerdictReason[] {
  const found = findings.map((finding): VerdictReason => ({
    feature: 'finding',
    value: finding.kind,
    contribution: null,
    text: `part of what its source was found to do: ${describeFinding(finding)}`,
  }));
  return list ? [reasonOf(list), ...found] : found;
}

function reasonOf({ list, match, value, note }: ListEntry): VerdictReason {
  const because = note === '' ? '' : ` (${note})`;
  const text = `the ${match} ${value} is on the ${list} list${because}: decides by itself`;
  return { feature: 'list', value, contribution: null, text };
}
