import type { Flow } from './flow.js';
import { isReversed } from './flow-outcome.js';

/**
 * What came of a flow for the one who began it.
 * - `talk`: the two spoke with each other, or only one direction was seen and its sender acknowledged what it got;
 * - `knock`: nobody answered, or it was refused;
 * - `half-open`: it was accepted and broken off at once, as those do who only want to know what is open;
 * - `touch`: it was accepted, and nothing was said;
 * - `none`: it does not say, or its ends may have been taken for each other.
 */
export type Contact = 'talk' | 'knock' | 'half-open' | 'touch' | 'none';

/** Ports to which traceroute sends, https://www.rfc-editor.org/rfc/rfc1393 and its implementations. */
const traceroute = { first: 33_434, last: 33_534 };

/** ICMP's types of an echo request, of both versions; Zeek has them in place of the originator's port. */
const echoRequests = new Set([8, 128]);

/** Who sends more packets into the void streams; who scans wants one answer and tries again at most. */
const packetsOfAKnock = 8;

export function contactOf(flow: Flow): Contact {
  switch (flow.proto) {
    case 'tcp':
      return contactOverTcp(flow);
    case 'udp':
      return contactOverUdp(flow);
    case 'icmp':
      if (flow.id_orig_p === null || !echoRequests.has(flow.id_orig_p) || flow.resp_pkts === null)
        return 'none';
      return flow.resp_pkts > 0 ? 'talk' : 'knock';
    default:
      return 'none';
  }
}

/** Whether the flow shows one direction alone: its originator acknowledges or sends what needs an answer none was seen of. */
export function isOneWay({ proto, history, resp_pkts }: Flow): boolean {
  if (proto !== 'tcp' || history === null || resp_pkts) return false;
  return history.startsWith('S') && history.includes('A');
}

function contactOverTcp(flow: Flow): Contact {
  const { history, conn_state: state, orig_pkts, resp_pkts } = flow;
  // Some sensors count headers among the bytes, so that only the history tells payload where there is one.
  const sent = history === null ? Boolean(flow.orig_bytes) : history.includes('D');
  const received = history === null ? Boolean(flow.resp_bytes) : history.includes('d');
  if (sent && received) return 'talk';
  if (isReversed(flow)) return 'none';
  if (received || isOneWay(flow)) return 'talk';
  // A late reset or end of a connection that began before the log did; whoever knocks sends a SYN.
  if (history !== null && !history.startsWith('S')) return 'none';
  switch (state) {
    case 'S0':
    case 'REJ':
    case 'SH':
    case 'RSTOS0':
      return 'knock';
    case null:
      return resp_pkts === null ? 'none' : contactByPackets(orig_pkts, resp_pkts, sent);
    case 'RSTO':
      // A SYN and a reset; who has acknowledged before has sent three.
      if (!sent) return orig_pkts !== null && orig_pkts > 2 ? 'touch' : 'half-open';
      return 'talk';
    default:
      return sent ? 'talk' : 'touch';
  }
}

/** Of sensors that know no states: one packet for one without payload is a refusal. */
function contactByPackets(sentPackets: number | null, receivedPackets: number, sent: boolean): Contact {
  if (receivedPackets === 0) return 'knock';
  if (sent) return 'talk';
  return receivedPackets === 1 && sentPackets === 1 ? 'knock' : 'touch';
}

function contactOverUdp(flow: Flow): Contact {
  if (isReversed(flow)) return 'none';
  if (flow.resp_pkts || flow.resp_bytes || flow.conn_state === 'SF') return 'talk';
  const { id_resp_p: port, orig_pkts: packets, resp_pkts, conn_state } = flow;
  if (resp_pkts === null && conn_state === null) return 'none';
  if (port !== null && port >= traceroute.first && port <= traceroute.last) return 'none';
  return (packets ?? 0) > packetsOfAKnock ? 'none' : 'knock';
}
