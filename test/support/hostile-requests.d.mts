import type { Ids } from './furnish.mjs';

export interface HostileRequest {
  /** The operation, and what is odd about the request; no two have the same. */
  readonly name: string;
  readonly method: string;
  /** With its query, as it is sent. */
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body?: () => Buffer;
  /** All that is sent, instead of the above; `{host}` stands for the server. */
  readonly pieces?: () => Buffer[];
  readonly pauseMs?: number;
  /** Whether the sender hangs up behind what it sent. */
  readonly endsEarly?: boolean;
  /** Whether no answer is one, too: the server may hang up on what it cannot read to the end. */
  readonly mayBeCutOff?: boolean;
}

export interface HostileSetup {
  /** The server's OpenAPI document. */
  readonly document: object;
  readonly keys: Readonly<Record<'admin' | 'limited' | 'viewer', string>>;
  readonly ids: Ids;
  readonly seed?: number;
}

export function hostileRequests(setup: HostileSetup): HostileRequest[];
