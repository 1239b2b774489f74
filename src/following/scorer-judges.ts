import { Injectable } from '@nestjs/common';
import { RequestInvalidError } from '../common/errors.js';
import { FlowScoringService } from '../prediction/flow-scoring.service.js';
import { type FlowJudge, FlowJudges } from './flow-judge.js';

/** The champion of the detector of flows as a judge. */
@Injectable()
export class ScorerJudges extends FlowJudges {
  constructor(private readonly scoring: FlowScoringService) {
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
        (await scorer.score(flows)).map(({ flow, verdict, probability, reasons, model }) => ({
          flow,
          verdict,
          probability,
          reasons: reasons.map(({ text }) => text),
          version: model.version,
        })),
      findings: () => scorer.findings(),
    };
  }
}
