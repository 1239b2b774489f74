import { Injectable } from '@nestjs/common';
import { RequestInvalidError } from '../common/errors.js';
import { EventUrlsService } from '../prediction/event-urls.service.js';
import { FlowScoringService } from '../prediction/flow-scoring.service.js';
import { type FlowJudge, FlowJudges } from './flow-judge.js';

/** The champions of the detectors of flows and of addresses as a judge. */
@Injectable()
export class ScorerJudges extends FlowJudges {
  constructor(
    private readonly scoring: FlowScoringService,
    private readonly urls: EventUrlsService,
  ) {
    super();
  }

  async open(detector: string): Promise<FlowJudge> {
    if (detector !== 'network-flow') {
      const message = `is ${detector}; logs of flows are followed for network-flow`;
      throw new RequestInvalidError([{ path: 'detector', message }]);
    }
    const scorer = await this.scoring.open();
    return {
      score: async (flows) =>
        (await scorer.score(flows)).map(({ flow, verdict, probability, novelty, reasons, model }) => ({
          flow,
          verdict,
          probability,
          novelty,
          reasons: reasons.map(({ text }) => text),
          version: model.version,
        })),
      scoreUrl: async (asked) => {
        const answer = await this.urls.score(asked.url, true);
        return answer === null || 'error' in answer ? null : { asked, ...answer };
      },
      findings: () => scorer.findings(),
    };
  }
}
