import type { Flow } from '../../../detector/flow/flow.js';
import type { FlowFault } from '../../../detector/flow/parse-flow.js';
import type { SignatureAlert } from '../../../detector/flow/weak-labels.js';
import type { RowProblemCode } from '../row.js';

export interface FlowItem {
  readonly kind: 'flow';
  readonly line: number;
  readonly flow: Flow;
  /** What was not taken as it stands there, a sentence each; absent where all was. */
  readonly mended?: readonly string[];
}

/** An address that a client asked for, to be scored by the `url` detector. */
export interface UrlItem {
  readonly kind: 'url';
  readonly line: number;
  readonly url: string;
  readonly event: 'http' | 'tls';
  /** The flow that it was asked for in. */
  readonly uid: string | null;
  readonly ts: number | null;
  readonly client: string | null;
  /** Address of the host that was asked: a server, or a proxy. */
  readonly server: string | null;
}

/** What a signature said of a flow that comes later; see `WeakLabels`. */
export interface AlertItem {
  readonly kind: 'alert';
  readonly line: number;
  readonly uid: string | null;
  readonly alert: SignatureAlert;
}

/** A sound line that holds nothing to score: a header, or an event of another kind. */
export interface OtherItem {
  readonly kind: 'other';
  readonly line: number;
  readonly event: string;
}

export type FlowLogFaultCode =
  RowProblemCode | FlowFault['code'] | 'NO_HEADER' | 'UNKNOWN_RECORD' | 'CUT_OFF';

/** A line that cannot be read. Reading goes on behind it. */
export interface FaultItem {
  readonly kind: 'fault';
  readonly line: number;
  readonly code: FlowLogFaultCode;
  /** What is wrong, for a person. */
  readonly problem: string;
  /** The line, cut to 1,000 characters. */
  readonly raw: string;
}

/** What a line of a log holds. Each line that is not blank is one item. */
export type FlowLogItem = FlowItem | UrlItem | AlertItem | OtherItem | FaultItem;
