import { Injectable } from '@nestjs/common';
import { addressFor } from '../../access/address-for.js';
import { type Caller, requireScope } from '../../access/caller.js';
import { withId } from '../../common/with-id.js';
import { ContractsService } from '../../detector/contracts.service.js';
import { kindOf } from '../../detector/kinds.js';
import { readUrlItem, UrlItem } from '../../detector/url/url-item.js';
import { chainMember } from '../../prediction/verdict-dtos.js';
import { PredictionUnknownError } from '../monitoring.errors.js';
import { PredictionLogService } from './prediction-log.service.js';
import type { Feedback, Prediction } from './prediction.schema.js';
import type { FeedbackDto, GiveFeedbackDto, PredictionDto } from './predictions.dto.js';
import { PredictionLog } from './predictions.repository.js';

/** Single predictions, and what people know of them. */
@Injectable()
export class PredictionsService {
  constructor(
    private readonly contracts: ContractsService,
    private readonly log: PredictionLog,
    private readonly writer: PredictionLogService,
  ) {}

  /** @throws PredictionUnknownError */
  async get(id: string, caller: Caller): Promise<PredictionDto> {
    return this.shown(await this.find(id, caller), caller);
  }

  /** Feedback given again replaces the feedback before. @throws PredictionUnknownError */
  async giveFeedback(id: string, { label, note }: GiveFeedbackDto, caller: Caller): Promise<PredictionDto> {
    await this.find(id, caller);
    const given = { at: new Date(), by: caller.actor, note: note ?? null };
    const feedback: Feedback = { label: label === 'threat' ? 1 : 0, ...given };
    const prediction = await this.log.setFeedback(id, feedback);
    if (!prediction) throw this.unknown(id);
    return this.shown(prediction, caller);
  }

  /** One that was scored a moment ago may still wait to be written. */
  private async find(id: string, caller: Caller): Promise<Prediction> {
    let prediction = await this.log.get(id);
    if (!prediction) {
      await this.writer.flush();
      prediction = await this.log.get(id);
    }
    if (!prediction) throw this.unknown(id);
    return requireScope(caller, prediction, () => this.unknown(id));
  }

  private unknown(id: string): PredictionUnknownError {
    return new PredictionUnknownError(id, this.writer.state.enabled);
  }

  private shown(
    { values, feedback, earlierFeedback = [], request: _, ...rest }: Prediction,
    caller: Caller,
  ): PredictionDto {
    const contract = this.contracts.get(rest.detector);
    const { columns } = kindOf(contract);
    const shownValues = contract.kind === 'url' ? values.map((value) => addressFor(caller, value)) : values;
    const named = shownValues.map((value, i) => [columns[i]?.name ?? `column ${i + 1}`, value] as const);
    const [address] = values;
    return {
      ...withId(rest),
      ...(contract.kind === 'url' && typeof address === 'string' && chainFor(caller, address)),
      modelVerdict: rest.modelVerdict ?? rest.verdict,
      record: Object.fromEntries(named),
      feedback: feedback && shownFeedback(feedback),
      earlierFeedback: earlierFeedback.map(shownFeedback),
    };
  }
}

function chainFor(caller: Caller, address: string): Pick<PredictionDto, 'chain'> {
  const item = readUrlItem(address);
  const { chain } = item instanceof UrlItem ? chainMember({ item }) : {};
  return chain ? { chain: chain.map((link) => ({ ...link, url: addressFor(caller, link.url) })) } : {};
}

function shownFeedback({ label, ...rest }: Feedback): FeedbackDto {
  return { label: label === 1 ? 'threat' : 'benign', ...rest };
}
