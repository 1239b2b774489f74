import type { Flow } from '../detector/flow/flow.js';
import type { HostFinding } from '../detector/flow/host-finding.js';
import type { UrlItem } from '../ingestion/readers/flow/flow-item.js';
import type { Novelty } from '../registry/bundle/novelty.js';
import type { VerdictName } from '../registry/bundle/scoring-model.js';

/** What a model says of a flow among those before it. */
export interface JudgedFlow {
  readonly flow: Flow;
  readonly verdict: VerdictName;
  readonly probability: number;
  /** How unlike all that was learned from it is; null where the model does not know. */
  readonly novelty: Novelty | null;
  /** As sentences, the strongest first. */
  readonly reasons: readonly string[];
  /** Of the model. */
  readonly version: number;
}

/** What the model of addresses says of one that was asked for. */
export interface JudgedUrl extends Omit<JudgedFlow, 'flow' | 'novelty'> {
  readonly asked: UrlItem;
}

/** Judges the flows of one log; what came before is the context of what comes. */
export interface FlowJudge {
  /** One a flow, in order. */
  score(flows: readonly Flow[]): Promise<readonly JudgedFlow[]>;
  /** Null for what is no address in the end, and while no model of addresses serves. */
  scoreUrl(asked: UrlItem): Promise<JudgedUrl | null>;
  /** What has been found about hosts since the last call. */
  findings(): readonly HostFinding[];
}

/** Where judges come from. */
export abstract class FlowJudges {
  /** @throws ModelUnavailableError, and RequestInvalidError for a detector that is not one of flows */
  abstract open(detector: string): Promise<FlowJudge>;
}
