import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type InputFault, RequestInvalidError } from '../common/errors.js';
import { oneOrMany } from '../common/one-or-many.js';
import { RecordInvalidError } from '../detector/detector.errors.js';
import { ContractsService } from '../detector/contracts.service.js';
import { kindOf } from '../detector/kinds.js';
import { describeFinding } from '../detector/flow/host-finding.js';
import { type Flow, type FlowField, flowFields } from '../detector/flow/flow.js';
import { FlowFault } from '../detector/flow/parse-flow.js';
import { eveItem, isEveEvent } from '../ingestion/readers/flow/eve.js';
import { zeekFlow } from '../ingestion/readers/flow/zeek-record.js';
import { FlowScorer, type FlowScorerOptions, type FlowVerdict, valuesOf } from './flow-scorer.js';
import type { FlowVerdictDto, FlowVerdictsDto, LoneFlowVerdictDto } from './flow-scoring.dto.js';
import { type Answered, type AnswerOptions, ScoringService } from './scoring.service.js';
import { takesCanary } from './served.js';
import { ServingService } from './serving.service.js';

/** The detector that scores flows. */
export const flowDetector = 'network-flow';

const maxFlows = 1000;
const maxFaults = 100;

/** Feedback names an answer by its id. */
type IdentifiedVerdict = FlowVerdict & { readonly id: string };

/** Scores flows with what came before them as their context. */
@Injectable()
export class FlowScoringService {
  constructor(
    private readonly contracts: ContractsService,
    private readonly serving: ServingService,
    private readonly scoring: ScoringService,
  ) {}

  /**
   * A scorer for the flows of one log.
   * @throws DetectorUnknownError, ModelUnavailableError, and RequestInvalidError for a detector that is not one of flows
   */
  // eslint-disable-next-line @typescript-eslint/require-await -- refusals are rejections, as those of other openings
  async open(detector = flowDetector, options: FlowScorerOptions = {}): Promise<FlowScorer> {
    if (!kindOf(this.contracts.get(detector)).flowLogs) {
      throw new RequestInvalidError([{ path: 'detector', message: `${detector} does not score flows` }]);
    }
    this.serving.get(detector);
    return new FlowScorer(() => this.serving.get(detector), options);
  }

  /**
   * One verdict for `{flow}`, `{verdicts}` in order for `{flows}`, which are each other's context in their order.
   * @throws RequestInvalidError, RecordInvalidError naming every flow and field that does not fit; nothing is scored
   * then.
   */
  async answer(
    body: unknown,
    { explain = true, canaryKey }: AnswerOptions = {},
  ): Promise<LoneFlowVerdictDto | FlowVerdictsDto> {
    const served = this.serving.get(flowDetector);
    const { flows, single } = flowsOf(body);
    const scorer = new FlowScorer(() => served, {
      alone: flows.length === 1,
      explain: explain ? 'benign' : 'none',
      isForCanary: (trial, flow) => takesCanary(trial, canaryKey ?? JSON.stringify(valuesOf(flow))),
    });
    const scored = (await scorer.score(flows)).map((verdict) => ({ id: randomUUID(), ...verdict }));
    const hosts = scorer.hosts().map((finding) => ({ ...finding, text: describeFinding(finding) }));
    this.scoring.tell(
      served,
      flows.map((flow) => ({ ...flow })),
      scored.map(toldOf),
    );
    const verdicts = scored.map(verdictDto);
    return single ? { ...verdicts[0], hosts } : { verdicts, hosts };
  }
}

function toldOf({ id, flow, verdict, probability, model }: IdentifiedVerdict): Answered {
  return { id, verdict, probability, model, values: valuesOf(flow) };
}

function verdictDto({ flow, reasons, novelty, ...rest }: IdentifiedVerdict): FlowVerdictDto {
  return { ...rest, uid: flow.uid, reasons: [...reasons], ...(novelty && { novelty }) };
}

/** @throws RequestInvalidError, RecordInvalidError */
function flowsOf(body: unknown): { flows: Flow[]; single: boolean } {
  const { values, single, pathOf } = oneOrMany(body, 'flow', 'flows');
  if (values.length > maxFlows) {
    const message = `holds ${values.length} flows; send at most ${maxFlows}, or POST a log to …/file`;
    throw new RequestInvalidError([{ path: 'flows', message }]);
  }
  return { flows: readAll(values, pathOf), single };
}

function readAll(records: readonly unknown[], pathOf: (i: number) => string): Flow[] {
  const faults: InputFault[] = [];
  const flows: Flow[] = [];
  records.forEach((record, i) => {
    const read = readFlow(record);
    if ('message' in read) faults.push({ path: pathOf(i) + (read.path ?? ''), message: read.message });
    else flows.push(read);
  });
  if (faults.length > 0) throw new RecordInvalidError(flowDetector, faults.slice(0, maxFaults));
  return flows;
}

/** A flow in the words of Zeek or Suricata, or what is wrong with it. */
function readFlow(record: unknown): Flow | InputFault {
  if (!isObject(record)) return { message: 'must be an object: a line of conn.log or an event of EVE' };
  try {
    if (!isEveEvent(record)) return zeekFlow(record);
    const item = eveItem(record, 0);
    if (item.kind === 'flow') return item.flow;
    const advice = item.kind === 'url' ? `; ask /v1/score/url about ${item.url}` : '';
    return { message: `is an event of the type ${String(record.event_type)}, not flow${advice}` };
  } catch (error) {
    if (!(error instanceof FlowFault)) throw error;
    const [field, ...rest] = error.message.split(' ');
    const isField = flowFields.includes(field as FlowField);
    return isField ? { path: `.${field}`, message: rest.join(' ') } : { message: error.message };
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
