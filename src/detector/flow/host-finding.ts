import { bytesText, counted, endpointText, listed, spanText } from './flow-text.js';

export const findingKinds = [
  'vertical-scan',
  'horizontal-scan',
  'block-scan',
  'beacon',
  'flood',
  'password-guessing',
] as const;
export type FindingKind = (typeof findingKinds)[number];

/** One thing that speaks for a finding or against it. */
export interface ScorePart {
  /** What it is about, in a word. */
  readonly part: string;
  /** What it adds to the score; below 0 it speaks against. */
  readonly points: number;
  readonly text: string;
}

/** What the flows of one host add up to. */
export interface HostFinding {
  readonly kind: FindingKind;
  /** The host that does it; the hosts that it is done to are never named here. */
  readonly host: string;
  /** The host at the other end; null where there are many. */
  readonly target: string | null;
  /** The port at the other end; null where there are many. */
  readonly port: number | null;
  readonly proto: string;
  /** Distinct ports of a vertical scan, hosts of a horizontal one, ports of hosts of a block; attempts of a beacon; else flows. */
  readonly count: number;
  /** Whether `count` is all that is kept count of, and there were more. */
  readonly atLeast: boolean;
  /** Flows that were counted, and what their originator sent in them as far as they say. */
  readonly flows: number;
  readonly packets: number;
  readonly bytes: number;
  /** Seconds since the epoch, of the first and the last flow. */
  readonly from: number;
  readonly to: number;
  /** Seconds from one attempt to the next; of beacons. */
  readonly interval: number | null;
  /** The sum of the parts; from 1 on it is a finding. */
  readonly score: number;
  readonly parts: readonly ScorePart[];
  /** Some of the flows that prove it: the first and the latest. */
  readonly uids: readonly string[];
}

/** The finding as a sentence. */
export function describeFinding(finding: Omit<HostFinding, 'uids'>): string {
  const { host, target, port, proto, interval, packets, bytes } = finding;
  const many = `${finding.atLeast ? 'at least ' : ''}${finding.count.toLocaleString('en')}`;
  const span = spanText(finding.to - finding.from);
  switch (finding.kind) {
    case 'vertical-scan':
      return `${host} scans ports (vertical: ${many} ports of ${target} in ${span})`;
    case 'horizontal-scan':
      return proto === 'icmp'
        ? `${host} scans hosts (horizontal: pings ${many} hosts that do not answer in ${span})`
        : `${host} scans hosts (horizontal: port ${port} on ${many} hosts in ${span})`;
    case 'block-scan':
      return `${host} scans ports of hosts (block: ${many} of them in ${span})`;
    case 'beacon':
      return `${host} beacons to ${endpointText(target, port)} every ${spanText(interval ?? 0)} (${many} times in ${span})`;
    case 'flood': {
      const amounts = [
        counted(finding.flows, `${proto} flow`),
        ...(packets > 0 ? [counted(packets, 'packet')] : []),
        ...(bytes > 0 ? [bytesText(bytes)] : []),
      ];
      return `${host} floods ${proto === 'icmp' ? target : endpointText(target, port)} (${listed(amounts)} without an answer in ${span})`;
    }
    case 'password-guessing':
      return `${host} guesses passwords of ${endpointText(target, port)} (${many} short sessions in ${span})`;
  }
}

/** The score and what it is made of. */
export function describeScore({ score, parts }: Pick<HostFinding, 'score' | 'parts'>): string {
  const each = parts.map(
    ({ points, text }) => `${text} ${points < 0 ? '−' : '+'}${Math.abs(points).toFixed(1)}`,
  );
  return `score ${score.toFixed(1)}: ${each.join('; ')}`;
}

/** Parts that add nothing are no parts. */
export function partsOf(...parts: readonly ScorePart[]): ScorePart[] {
  return parts
    .map(({ points, ...part }) => ({ ...part, points: Math.round(points * 100) / 100 }))
    .filter(({ points }) => points !== 0);
}

export function scoreOf(parts: readonly ScorePart[]): number {
  return Math.round(parts.reduce((sum, { points }) => sum + points, 0) * 100) / 100;
}
