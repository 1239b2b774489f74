/**
 * One connection between two hosts, whatever log it comes from: Zeek's conn.log with underscores for dots. null where
 * the log does not say.
 */
export interface Flow {
  /** When it began, seconds since the epoch. */
  readonly ts: number | null;
  readonly uid: string | null;
  readonly id_orig_h: string | null;
  /** For ICMP the type of message, and in `id_resp_p` its code. */
  readonly id_orig_p: number | null;
  readonly id_resp_h: string | null;
  readonly id_resp_p: number | null;
  /** In lower case: `tcp`, `udp`, `icmp`. */
  readonly proto: string;
  readonly service: string | null;
  /** Seconds. */
  readonly duration: number | null;
  /** Payload. */
  readonly orig_bytes: number | null;
  readonly resp_bytes: number | null;
  readonly conn_state: string | null;
  readonly missed_bytes: number | null;
  /** What happened in which order, a letter an event; upper case is the originator's. */
  readonly history: string | null;
  readonly orig_pkts: number | null;
  readonly orig_ip_bytes: number | null;
  readonly resp_pkts: number | null;
  readonly resp_ip_bytes: number | null;
  /** In lower case, for data sets do not agree with themselves. */
  readonly label: string | null;
  readonly detailed_label: string | null;
  /** Whether its ends belong to the network that is watched, as the sensor knows it. */
  readonly local_orig: boolean | null;
  readonly local_resp: boolean | null;
}

export type FlowField = keyof Flow;

/** In the order in which `parseFlow` takes their values. */
export const flowFields = [
  'ts',
  'uid',
  'id_orig_h',
  'id_orig_p',
  'id_resp_h',
  'id_resp_p',
  'proto',
  'service',
  'duration',
  'orig_bytes',
  'resp_bytes',
  'conn_state',
  'missed_bytes',
  'history',
  'orig_pkts',
  'orig_ip_bytes',
  'resp_pkts',
  'resp_ip_bytes',
  'label',
  'detailed_label',
  'local_orig',
  'local_resp',
] as const satisfies readonly FlowField[];

/** Zeek's own names where they differ; shippers put underscores for the dots. */
export const zeekNames: Readonly<Partial<Record<FlowField, string>>> = {
  id_orig_h: 'id.orig_h',
  id_orig_p: 'id.orig_p',
  id_resp_h: 'id.resp_h',
  id_resp_p: 'id.resp_p',
  detailed_label: 'detailed-label',
};

/** When a flow was over, which is when a sensor can know of it: logs are in about this order. NaN without a time. */
export function endOf(flow: Flow): number {
  return flow.ts === null ? NaN : flow.ts + (flow.duration ?? 0);
}
