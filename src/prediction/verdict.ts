import type { Context, Item, ItemFinding, Reason, Rule } from '../detector/kind.js';
import { describeFinding } from '../detector/flow/host-finding.js';
import type { HeldEntry } from '../lists/held-entry.js';
import type { Novelty } from '../registry/bundle/novelty.js';
import { type VerdictName, verdicts } from '../registry/bundle/scoring-model.js';
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
  /** Calibrated probability of threat, the version's; that of the rule, or of where the item leads on to, where it decides. */
  readonly probability: number;
  /** How unlike all that the version learned from the item is; null where the version does not know. */
  readonly novelty: Novelty | null;
  readonly modelVerdict: VerdictName;
  readonly verdict: VerdictName;
  readonly decidedBy: DecidedBy;
  /** The entry that decided; null without one. */
  readonly list: HeldEntry | null;
  /** What the item's host was found to do with it. */
  readonly findings: readonly ItemFinding[];
  /** What follows from the item itself, and decides where no entry does; null without it. */
  readonly rule: Rule | null;
  /** What decided in place of the model first, then what moved the score most. Those of the model only where asked for. */
  readonly reasons: readonly VerdictReason[];
}

type Decision = Pick<Verdict, 'verdict' | 'decidedBy' | 'probability' | 'list' | 'findings' | 'rule'>;

/** What is said of an item by itself, before lists and findings. */
export interface OwnVerdict {
  readonly verdict: VerdictName;
  /** Of threat. */
  readonly probability: number;
  /** That takes the model's place; null where the model's verdict stands. */
  readonly rule: Rule | null;
}

/** A rule takes the model's place, unless the model's verdict is the same and only that counts, or within its limit. */
export function ownVerdict(rule: Rule | null, modelVerdict: VerdictName, probability: number): OwnVerdict {
  if (
    rule === null ||
    isWithin(rule, modelVerdict) ||
    (rule.probability === null && rule.verdict === modelVerdict)
  ) {
    return { verdict: modelVerdict, probability, rule: null };
  }
  return { verdict: rule.verdict, probability: rule.probability ?? probability, rule };
}

/** Whether a model's verdict keeps to the limit that a rule sets. */
function isWithin({ limit, verdict }: Rule, modelVerdict: VerdictName): boolean {
  const worse = verdicts.indexOf(modelVerdict) - verdicts.indexOf(verdict);
  return (limit === 'most' && worse <= 0) || (limit === 'least' && worse >= 0);
}

/**
 * Lets an entry of the allow or the deny list have the last word; without one, an item that is part of a finding is at
 * least suspicious. The probability stays that of the item itself, so that both can be seen.
 */
export function decide(
  { verdict, probability, rule }: OwnVerdict,
  list: HeldEntry | null,
  findings: readonly ItemFinding[],
): Decision {
  const known = { probability, list, findings, rule };
  if (list) {
    const listed = list.list === 'allow' ? 'benign' : 'malicious';
    return { ...known, verdict: listed, decidedBy: 'list', rule: null };
  }
  if (findings.length > 0 && verdict === 'benign') {
    return { ...known, verdict: 'suspicious', decidedBy: 'finding' };
  }
  return { ...known, verdict, decidedBy: rule ? 'rule' : 'model' };
}

/** The reasons that are none of the model's. */
export function decidingReasons({ list, findings, rule }: Decision): VerdictReason[] {
  const ruled = (rule?.texts ?? []).map((text): VerdictReason => ({
    feature: rule!.feature,
    value: null,
    contribution: null,
    text,
  }));
  const found = findings.map((finding): VerdictReason => ({
    feature: 'finding',
    value: finding.kind,
    contribution: null,
    text: `part of what its source was found to do: ${describeFinding(finding)}`,
  }));
  return [...(list ? [reasonOf(list)] : []), ...ruled, ...found];
}

/** What is scored in the place of an item that only leads to it. */
export function leadOf({ lead }: Item): VerdictReason[] {
  return lead ? [{ feature: 'chain', value: null, contribution: null, text: lead }] : [];
}

function reasonOf({ list, match, value, note }: HeldEntry): VerdictReason {
  const because = note === '' ? '' : ` (${note})`;
  const text = `the ${match} ${value} is on the ${list} list${because}: decides by itself`;
  return { feature: 'list', value, contribution: null, text };
}
