import type { Flow } from './flow.js';

/** Bytes of the headers of a packet without options: IPv4 and TCP, or IPv4 and UDP or ICMP. */
const [tcpHeader, otherHeader] = [40, 28];

/** Payload bytes that the originator sent; NaN where unknown. */
export function sentBytes(flow: Flow): number {
  return payload(flow.proto, flow.orig_bytes, flow.orig_ip_bytes, flow.orig_pkts);
}

/** Payload bytes that the responder sent; NaN where unknown. */
export function receivedBytes(flow: Flow): number {
  return payload(flow.proto, flow.resp_bytes, flow.resp_ip_bytes, flow.resp_pkts);
}

/**
 * Zeek counts payload, Suricata whole frames. More bytes than the IP packets held are no payload: then headers are
 * taken off, so that a flow looks the same from either.
 */
function payload(
  proto: string,
  bytes: number | null,
  ipBytes: number | null,
  packets: number | null,
): number {
  if (bytes === null) return NaN;
  return bytes <= (ipBytes ?? Infinity) ? bytes : (withoutHeaders(proto, ipBytes, packets) ?? bytes);
}

/** Payload bytes of so many IP packets, by headers without options; null where the log does not say. */
export function withoutHeaders(proto: string, ipBytes: number | null, packets: number | null): number | null {
  if (ipBytes === null || packets === null) return null;
  return Math.max(0, ipBytes - packets * (proto === 'tcp' ? tcpHeader : otherHeader));
}
