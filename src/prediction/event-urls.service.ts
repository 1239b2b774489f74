import { Injectable } from '@nestjs/common';
import { ContractsService } from '../detector/contracts.service.js';
import { addressClass } from '../detector/flow/address-class.js';
import { isFault, type Item } from '../detector/kind.js';
import { kindOf } from '../detector/kinds.js';
import { isInfrastructure } from '../detector/url/infrastructure.js';
import type { UrlItem } from '../detector/url/url-item.js';
import type { UrlItem as AskedUrl } from '../ingestion/readers/flow/flow-item.js';
import { ModelUnavailableError } from './prediction.errors.js';
import type { Explained } from './scorer.js';
import { ScoringService } from './scoring.service.js';
import type { Verdict } from './verdict.js';

/** The detector that scores the addresses which a sensor saw being asked for. */
export const urlDetector = 'url';

export type EventUrl = { readonly verdict: Verdict } | { readonly error: string };

/**
 * Scores the addresses that logs of flows name. By rule, unless an entry of a list says otherwise, there is nothing to
 * alarm about where the host that was asked for is one's own: in one's network, or a server of one's own that somebody
 * outside asked; nor where machines ask for updates and the status of certificates.
 */
@Injectable()
export class EventUrlsService {
  constructor(
    private readonly contracts: ContractsService,
    private readonly scoring: ScoringService,
  ) {}

  /** One result an address, in order; null while nothing serves the detector. */
  async score(asked: readonly AskedUrl[], explain: Explained): Promise<EventUrl[] | null> {
    const kind = kindOf(this.contracts.get(urlDetector));
    const read = asked.map(({ url }) => kind.item([url.trim()]));
    const verdicts = await this.verdictsOn(
      read.filter((item): item is Item => !isFault(item)),
      explain,
    );
    if (verdicts === null) return null;
    const next = verdicts[Symbol.iterator]();
    return read.map((item, i) =>
      isFault(item) ? { error: item.message } : { verdict: byRule(next.next().value!, asked[i]) },
    );
  }

  private async verdictsOn(items: readonly Item[], explain: Explained): Promise<Verdict[] | null> {
    try {
      return await this.scoring.scoreKnown(urlDetector, items, explain);
    } catch (error) {
      if (error instanceof ModelUnavailableError) return null;
      throw error;
    }
  }
}

function byRule(verdict: Verdict, asked: AskedUrl): Verdict {
  const { host } = (verdict.item as UrlItem).url;
  const isDecided = verdict.decidedBy === 'list' || verdict.decidedBy === 'rule';
  const text = isDecided ? null : whyHarmless(host, asked);
  if (text === null) return verdict;
  const reason = { feature: 'rule', value: host, contribution: null, text };
  return { ...verdict, verdict: 'benign', decidedBy: 'rule', reasons: [reason, ...verdict.reasons] };
}

/** A sentence why what was asked for is no threat, whatever its address looks like; null where it may be one. */
function whyHarmless(host: string, { client, server }: AskedUrl): string | null {
  const named = isAddress(host) ? addressClass(host.replace(/^\[|\]$/g, '')) : 'public';
  if (named === 'group')
    return `${host} is an address of a group of hosts, not of a server: decides by itself`;
  if (named === 'private') return `${host} is in one's own network: decides by itself`;
  // A proxy of one's own is asked from inside.
  if (client !== null && addressClass(client) === 'public' && server !== null && isOwn(server))
    return `${client} asked it of the server ${server} in one's own network: decides by itself`;
  return isInfrastructure(host)
    ? `${host} serves updates, the status of certificates or the question whether one is online: decides by itself`
    : null;
}

function isOwn(address: string): boolean {
  return addressClass(address) === 'private';
}

function isAddress(host: string): boolean {
  return host.startsWith('[') || /^\d+\.\d+\.\d+\.\d+$/.test(host);
}
