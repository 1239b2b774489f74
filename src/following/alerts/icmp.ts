import type { Flow } from '../../detector/flow/flow.js';

/** The message that a flow of ICMP began with: Zeek, and with it a flow, keeps type and code where others have ports. */
export interface IcmpMessage {
  readonly type: number | null;
  readonly code: number | null;
}

/** @returns null for a flow of another protocol */
export function icmpOf({ proto, id_orig_p: type, id_resp_p: code }: Flow): IcmpMessage | null {
  return proto === 'icmp' ? { type, code } : null;
}
