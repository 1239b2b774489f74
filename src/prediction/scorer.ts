import { randomUUID } from 'node:crypto';
import { nextTurn } from '../common/turns.js';
import type { HostFinding } from '../detector/flow/host-finding.js';
import type { Context, FeaturizedItems, Item, ItemFeaturizer, ItemFinding } from '../detector/kind.js';
import { FlowItem } from '../detector/flow/record-fields.js';
import { kindOf } from '../detector/kinds.js';
import type { OwnBrandImitation } from '../detector/url/own-brands.js';
import type { UrlItem } from '../detector/url/url-item.js';
import type { HeldEntry } from '../lists/held-entry.js';
import type { ListsService } from '../lists/lists.service.js';
import { findingEnds, flowEnds } from './flow-ends.js';
import type { LoadedVersion } from './loaded-version.js';
import { ownBrandReasons, withOwnBrand } from './own-brand.js';
import { explainRow } from './reasons.js';
import { type ModelScore, type ScoreMemory, scoresOf } from './score-memory.js';
import type { Served, Trial } from './served.js';
import { byItself, type Onward, onwardOf, worse } from './onward.js';
import {
  decide,
  decidingReasons,
  leadOf,
  type ServedBy,
  servers,
  type Verdict,
  type VerdictReason,
} from './verdict.js';

/** Which verdicts come with the model's reasons, which cost more than the verdict: all, the threats, or none. */
export type Explained = 'all' | 'flagged' | 'none';

export interface ScorerOptions {
  readonly context: Context;
  readonly explain: Explained;
  /** Whether a canary scores an item; none does when absent. */
  readonly isForCanary?: (trial: Trial, item: Item) => boolean;
  /** Of items that recur; only items of independent detectors are remembered. */
  readonly memory?: ScoreMemory;
}

/** The item as another version's contract reads it; null where that takes it for none. */
export type ReadAgain = (version: LoadedVersion, place: number) => Item | null;

/** Some of a call's items, all scored by one version. */
interface Share {
  readonly version: LoadedVersion;
  readonly servedBy: ServedBy;
  /** Among the items of the call. */
  readonly places: readonly number[];
  /** As the version reads them, one a place. */
  readonly items: readonly Item[];
}

/** An item of a share with what the version, its rule, the lists and the findings say of it. */
interface Decided {
  /** What the reasons are about: the item, or the worse one that it leads on to. */
  readonly item: Item;
  /** The version's of that. */
  readonly score: ModelScore;
  readonly imitation: OwnBrandImitation | null;
  readonly verdict: Omit<Verdict, 'id' | 'item' | 'version' | 'servedBy' | 'reasons'>;
}

/** Scores the items of one request, file or log. Every verdict of the program is made here. */
export class Scorer {
  /** Of detectors whose items are each other's context. */
  private readonly featurizer: ItemFeaturizer | null;

  /** @param served looked at in each call, so that a log that goes on for days gets new versions */
  constructor(
    private readonly served: () => Served,
    private readonly lists: Pick<ListsService, 'find' | 'findFlow' | 'imitationIn' | 'isEmpty' | 'isExempt'>,
    private readonly options: ScorerOptions,
  ) {
    const kind = kindOf(served().champion.contract);
    this.featurizer = kind.isIndependent ? null : kind.open(options.context);
  }

  /**
   * One verdict an item, in order. Items that depend on each other are taken about in the order in which they happened.
   * @throws ModelUnavailableError
   */
  async score(items: readonly Item[], readAgain: ReadAgain = (_, i) => items[i]): Promise<Verdict[]> {
    const verdicts = new Array<Verdict>(items.length);
    if (items.length === 0) return verdicts;
    const shares = this.sharesOf(items, readAgain);
    const together = this.featurizer && (await this.featurizer.featurize(items));
    for (const share of shares) {
      const theirs = together && (shares.length === 1 ? together : part(together, share.places));
      const scored = await this.scoreShare(share, theirs);
      share.places.forEach((place, i) => (verdicts[place] = scored[i]));
    }
    return verdicts;
  }

  /** What the items brought to light about hosts since the last call, and the lists do not exempt. */
  newFindings(): HostFinding[] {
    return this.counting(this.featurizer?.newFindings?.() ?? []);
  }

  /** What the items brought to light about hosts altogether, and the lists do not exempt. */
  allFindings(): HostFinding[] {
    return this.counting(this.featurizer?.allFindings?.() ?? []);
  }

  private sharesOf(items: readonly Item[], readAgain: ReadAgain): Share[] {
    const { champion, trial } = this.served();
    const { isForCanary } = this.options;
    const shares: Record<ServedBy, { places: number[]; items: Item[] }> = {
      champion: { places: [], items: [] },
      challenger: { places: [], items: [] },
    };
    items.forEach((item, place) => {
      const tried = trial && isForCanary?.(trial, item) ? readAgain(trial.challenger, place) : null;
      const share = shares[tried ? 'challenger' : 'champion'];
      share.places.push(place);
      share.items.push(tried ?? item);
    });
    const versions = { champion, challenger: trial?.challenger ?? champion };
    return servers
      .map((servedBy): Share => ({ version: versions[servedBy], servedBy, ...shares[servedBy] }))
      .filter(({ places }) => places.length > 0);
  }

  private async scoreShare(share: Share, featurized: FeaturizedItems | null): Promise<Verdict[]> {
    const { version, items } = share;
    const memory = featurized ? undefined : this.options.memory?.of(version);
    const scores = await scoresOf(version, items, featurized, memory);
    const onward = await onwardOf(version, items, memory);
    const decided = scores.map((score, i) => this.decideOn(share, i, score, onward[i], featurized));
    const explained = decided.map((one) => this.isExplained(one));
    await this.fetchRows(version, decided, explained);
    const verdicts: Verdict[] = [];
    for (const [i, { item, score, imitation, verdict }] of decided.entries()) {
      let reasons: readonly VerdictReason[] = [];
      if (explained[i]) {
        // Explaining a row of a large forest takes milliseconds; others get their turn in between.
        if (i > 0 && !score.reasons) await nextTurn();
        reasons = score.reasons ??= explainRow(version, item, score);
        memory?.keep(item, score);
      }
      verdicts.push({
        id: randomUUID(),
        item: items[i],
        version,
        servedBy: share.servedBy,
        ...verdict,
        reasons: [
          ...decidingReasons(verdict),
          ...ownBrandReasons(imitation),
          ...(explained[i] ? leadOf(item) : []),
          ...reasons,
        ],
      });
    }
    return verdicts;
  }

  private decideOn(
    { version, items }: Share,
    i: number,
    score: ModelScore,
    onward: Onward | null,
    featurized: FeaturizedItems | null,
  ): Decided {
    const { probability, novelty } = score;
    const modelVerdict = version.model.verdictOf(probability);
    const context = featurized?.contexts?.[i] ?? 'alone';
    const findings = this.counting(featurized?.findings?.[i] ?? []);
    const imitation = this.imitationIn(version, items[i]);
    const { item, score: weighty, own } = worse(byItself(version, items[i], score), onward);
    const decision = withOwnBrand(
      decide(own, this.entryFor(version, items[i], findings), findings),
      imitation,
    );
    return { item, score: weighty, imitation, verdict: { context, novelty, modelVerdict, ...decision } };
  }

  /** The entry of the lists that decides on an address or a flow; null for other items and where none does. */
  private entryFor(
    { contract }: LoadedVersion,
    item: Item,
    findings: readonly ItemFinding[],
  ): HeldEntry | null {
    if (this.lists.isEmpty) return null;
    if (contract.kind === 'url') return this.lists.find(...(item as UrlItem).links.map(({ url }) => url));
    const match = item instanceof FlowItem ? this.lists.findFlow(flowEnds(item.flow)) : null;
    // Whoever allows a host says nothing of what others are found to do to it.
    const isOverruled = match?.entry.list === 'allow' && !match.isOfSource && findings.length > 0;
    return match && !isOverruled ? match.entry : null;
  }

  private imitationIn({ contract }: LoadedVersion, item: Item): OwnBrandImitation | null {
    if (contract.kind !== 'url' || this.lists.isEmpty) return null;
    return this.lists.imitationIn(...(item as UrlItem).links.map(({ url }) => url));
  }

  /** The findings that the lists do not exempt. */
  private counting<T extends ItemFinding>(findings: readonly T[]): T[] {
    const { lists } = this;
    if (findings.length === 0 || lists.isEmpty) return [...findings];
    return findings.filter((finding) => !lists.isExempt(finding.kind, findingEnds(finding)));
  }

  /** The model has no say where a rule decides without it. */
  private isExplained({ item, verdict: { verdict } }: Decided): boolean {
    const { explain } = this.options;
    if (item.rule && item.rule.probability !== null) return false;
    return explain === 'all' || (explain === 'flagged' && verdict !== 'benign');
  }

  /** Works out the features of remembered items again whose reasons are wanted for the first time. */
  private async fetchRows(
    version: LoadedVersion,
    decided: readonly Decided[],
    explained: readonly boolean[],
  ): Promise<void> {
    const missing = decided.filter(({ score }, i) => explained[i] && !score.reasons && !score.row);
    if (missing.length === 0) return;
    const { x } = await version.featurize(missing.map(({ item }) => item));
    missing.forEach(({ score }, row) => (score.row = { x, row }));
  }
}

function part({ x, contexts, findings }: FeaturizedItems, places: readonly number[]): FeaturizedItems {
  return {
    x: x.take(places),
    ...(contexts && { contexts: places.map((i) => contexts[i]) }),
    ...(findings && { findings: places.map((i) => findings[i]) }),
  };
}
