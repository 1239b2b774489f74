import { Injectable } from '@nestjs/common';
import { RequestInvalidError } from '../common/errors.js';
import type { Flow } from '../detector/flow/flow.js';
import type { HostFinding } from '../detector/flow/host-finding.js';
import { FlowItem } from '../detector/flow/record-fields.js';
import { ListsService } from '../lists/lists.service.js';
import { EventUrlsService } from '../prediction/event-urls.service.js';
import { ScoringService } from '../prediction/scoring.service.js';
import type { Verdict } from '../prediction/verdict.js';
import type { Alert } from './alerts/alert.js';
import { isSuppressed } from './alerts/suppression.js';

/** What an alert needs of a verdict. */
export type LogVerdict = Pick<Verdict, 'verdict' | 'probability' | 'novelty' | 'findings'> & {
  readonly reasons: readonly { readonly text: string }[];
  readonly version: { readonly version: number };
};

/** Scores the flows of one log; what came before is the context of what comes. */
export interface LogScorer {
  /** One a flow, in order. */
  score(flows: readonly Flow[]): Promise<readonly LogVerdict[]>;
  /** One an address, in order; null for what is no address in the end, and while no model of addresses serves. */
  scoreUrls(urls: readonly string[]): Promise<readonly (LogVerdict | null)[]>;
  /** What the flows brought to light about hosts since the last call. */
  newFindings(): readonly HostFinding[];
  /** Whether an entry of the lists keeps an alert back for now. */
  isSuppressed(alert: Alert): boolean;
}

export abstract class LogScorers {
  /** @throws ModelUnavailableError, and RequestInvalidError for a detector that is not one of flows */
  abstract open(detector: string): LogScorer;
}

/** The champions of the detectors of flows and of addresses. Only threats are explained: the others are no alerts. */
@Injectable()
export class ChampionScorers extends LogScorers {
  constructor(
    private readonly scoring: ScoringService,
    private readonly urls: EventUrlsService,
    private readonly lists: ListsService,
  ) {
    super();
  }

  open(detector: string): LogScorer {
    if (detector !== 'network-flow') {
      const message = `is ${detector}; logs of flows are followed for network-flow`;
      throw new RequestInvalidError([{ path: 'detector', message }]);
    }
    const scorer = this.scoring.openLog(detector, 'flagged');
    return {
      score: (flows) => scorer.score(flows.map((flow) => new FlowItem(flow))),
      scoreUrls: async (urls) => {
        const scored = await this.urls.score(urls, 'flagged');
        return urls.map((_, i) => (scored && 'verdict' in scored[i] ? scored[i].verdict : null));
      },
      newFindings: () => scorer.newFindings(),
      isSuppressed: (alert) => isSuppressed(this.lists, alert),
    };
  }
}
