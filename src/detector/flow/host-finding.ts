export const findingKinds = ['vertical-scan', 'horizontal-scan', 'beacon', 'flood'] as const;
export type FindingKind = (typeof findingKinds)[number];

/** What the flows of one host add up to. */
export interface HostFinding {
  readonly kind: FindingKind;
  /** The host that does it; the hosts that it is done to are never named here. */
  readonly host: string;
  /** The host at the other end; null for a horizontal scan, which has many. */
  readonly target: string | null;
  /** The port at the other end; null for a vertical scan, which has many. */
  readonly port: number | null;
  readonly proto: string;
  /** Distinct ports of a vertical scan or hosts of a horizontal one, else flows. */
  readonly count: number;
  /** Whether `count` is all that is kept count of, and there were more. */
  readonly atLeast: boolean;
  /** Seconds since the epoch, of the first and the last flow. */
  readonly from: number;
  readonly to: number;
  /** Seconds from one flow to the next; of beacons. */
  readonly interval: number | null;
  /** Some of the flows that prove it: the first and the latest. */
  readonly uids: readonly string[];
}

/** The finding as a sentence. */
export function describeFinding(finding: Omit<HostFinding, 'uids'>): string {
  const { host, target, port, proto, interval } = finding;
  const many = `${finding.atLeast ? 'at least ' : ''}${finding.count.toLocaleString('en')}`;
  const span = seconds(finding.to - finding.from);
  switch (finding.kind) {
    case 'vertical-scan':
      return `${host} scans ports (vertical: ${many} ports of ${target} in ${span})`;
    case 'horizontal-scan':
      return proto === 'icmp'
        ? `${host} scans hosts (horizontal: pings ${many} hosts that do not answer in ${span})`
        : `${host} scans hosts (horizontal: port ${port} on ${many} hosts in ${span})`;
    case 'beacon':
      return `${host} beacons to ${endpoint(target, port)} every ${seconds(interval ?? 0)} (${many} times in ${span})`;
    case 'flood':
      return `${host} floods ${endpoint(target, port)} (${many} ${proto} flows without an answer in ${span})`;
  }
}

function endpoint(host: string | null, port: number | null): string {
  return host?.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function seconds(span: number): string {
  if (span < 1) return 'less than 1 s';
  if (span < 600) return `${Math.round(span)} s`;
  return span < 36_000 ? `${Math.round(span / 60)} min` : `${Math.round(span / 3600)} h`;
}
