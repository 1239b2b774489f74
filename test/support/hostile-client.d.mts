import type { HostileRequest } from './hostile-requests.mjs';

export interface Answer {
  /** 0 where there was none. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Why there was none. */
  readonly reason?: string;
  readonly ms: number;
}

export function sendAll(
  url: string,
  requests: readonly HostileRequest[],
  options: {
    readonly atOnce?: number;
    readonly limitMs?: number;
    readonly heard: (request: HostileRequest, answer: Answer) => void;
  },
): Promise<void>;
export function send(url: string, request: HostileRequest, limitMs: number): Promise<Answer>;
export function faultOf(request: HostileRequest, answer: Answer): string | null;
