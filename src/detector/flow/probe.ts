import { addressClass } from './address-class.js';
import type { Flow } from './flow.js';
import { isFailed, isReversed } from './flow-outcome.js';
import { portClass } from './port-class.js';

/** Ports to which traceroute sends, https://www.rfc-editor.org/rfc/rfc1393 and its implementations. */
const traceroute = { first: 33_434, last: 33_534 };

/** ICMP's type of an echo request; Zeek has it in place of the originator's port. */
const echoRequest = 8;

/**
 * Whether a flow is what a scan is made of: its originator knocked and nothing came of it. Names and clocks that are
 * asked in vain are no knocks, for a resolver without a network asks many; nor are the steps of a traceroute.
 */
export function isProbe(flow: Flow): boolean {
  if (isReversed(flow) && flow.proto !== 'icmp') return false;
  switch (flow.proto) {
    case 'tcp':
      return isFailed(flow);
    case 'udp':
      return isFailed(flow) && !isQuestion(flow) && !isTraceroute(flow);
    case 'icmp':
      return flow.id_orig_p === echoRequest && flow.resp_pkts === 0;
    default:
      return false;
  }
}

/** Whether a connection came about and was not used: what a scan finds open, and what watches over servers. */
export function isSilent(flow: Flow): boolean {
  return flow.proto === 'tcp' && !flow.orig_bytes && !flow.resp_bytes;
}

/** Whether the originator sent and nobody sent back. */
export function isUnanswered(flow: Flow): boolean {
  return flow.conn_state === 'REJ' || !flow.resp_pkts;
}

/** Whether a flow may be one of a beacon's: to a host outside, and none of the services that every machine polls. */
export function mayBeBeacon(flow: Flow): boolean {
  if (flow.proto === 'icmp' || flow.id_resp_h === null || isReversed(flow)) return false;
  return addressClass(flow.id_resp_h) === 'public' && !isQuestion(flow);
}

function isQuestion(flow: Flow): boolean {
  const kind = portClass(flow.id_resp_p);
  return kind === 'names' || kind === 'upkeep';
}

function isTraceroute({ id_resp_p: port }: Flow): boolean {
  return port !== null && port >= traceroute.first && port <= traceroute.last;
}
