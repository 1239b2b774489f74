import { addressClass } from './address-class.js';
import { endOf, type Flow } from './flow.js';
import { hashText, joinKeys, type Key, keyOf, withNumber } from './flow-hash.js';
import type { WindowFacts } from './flow-window.js';
import type { HostFinding } from './host-finding.js';
import type { HostTally } from './host-tally.js';
import { portClass } from './port-class.js';
import { isProbe, isSilent, isUnanswered, mayBeBeacon } from './probe.js';
import { TallyCache } from './tally-cache.js';

/**
 * What makes a scan: the thresholds and the interval of Zeek's policy/misc/scan.zeek (25 hosts, 15 ports, 5 min). At
 * least half of what the host did there has to have failed: who gets answers is no scanner.
 */
const scan = { hosts: 25, ports: 15, seconds: 300, failedShare: 0.5 };

/** Far above what tries again and again, also behind a translator of addresses, and what asks for names. */
const flood = { flows: 1000, questions: 10_000, seconds: 60, unansweredShare: 0.8 };

/**
 * Ten gaps that deviate by 15 % of their mean at most are a timer's, with a jitter of a quarter either way. What comes
 * more often than every 5 s is a transfer.
 */
const beacon = { flows: 11, gapVariation: 0.15, shortestGap: 5, seconds: 86_400 };

const talliesAKind = 4096;
const [hostsKept, findingsAHost] = [500, 10];
/** Seconds after which a finding makes room for another of its host. */
const staleAfter = 3600;

/** A flow with what is worked out of it once. */
interface Sighting {
  readonly flow: Flow;
  readonly at: number;
  readonly source: Key;
  readonly target: Key;
  /** Port and protocol. */
  readonly service: number;
}

/** What a flow adds to what is known of its host. */
export interface FlowEvidence {
  /** That count the flow, whether they are findings already or not. */
  readonly tallies: readonly HostTally[];
  /** What this flow has brought to light, or made twice as large as when it was last returned. */
  readonly grown: readonly HostFinding[];
}

const nothing: FlowEvidence = { tallies: [], grown: [] };

/**
 * Adds flows up to what their hosts are doing. Only a host that begins flows is ever named, for flows that it began:
 * not whom it scans or floods, no server however busy, no client whose questions fail. Memory is bounded: 4,096 hosts
 * with their targets of each kind at a time, and the findings of the last 500 hosts, 10 of each.
 */
export class HostEvidence {
  private readonly vertical = new TallyCache('vertical-scan', talliesAKind, scan.seconds);
  private readonly horizontal = new TallyCache('horizontal-scan', talliesAKind, scan.seconds);
  private readonly floods = new TallyCache('flood', talliesAKind, flood.seconds);
  private readonly beacons = new TallyCache('beacon', talliesAKind, beacon.seconds);
  private readonly reported = new Map<string, HostTally[]>();

  /** What has been found, host by host, with all that has been seen of it since. */
  findings(): HostFinding[] {
    return [...this.reported.values()].flat().map((tally) => tally.finding());
  }

  /**
   * Takes in a flow, in about the order in which flows were over.
   * @param window what `FlowWindow.observe` said of it; without it there are no beacons
   */
  add(flow: Flow, window: WindowFacts | null): FlowEvidence {
    const at = endOf(flow);
    const { id_orig_h: source, id_resp_h: target } = flow;
    if (Number.isNaN(at) || source === null || target === null || addressClass(target) === 'group')
      return nothing;
    const service = ((flow.id_resp_p ?? -1) << 8) ^ hashText(flow.proto);
    const sighting: Sighting = { flow, at, source: keyOf(source), target: keyOf(target), service };
    const tallies = [
      ...this.addToScans(sighting),
      ...this.addToFlood(sighting),
      ...this.addToBeacon(sighting, window),
    ];
    return {
      tallies,
      grown: tallies.filter(({ isFound }) => isFound).flatMap((tally) => this.report(tally)),
    };
  }

  private addToScans({ flow, at, source, target, service }: Sighting): HostTally[] {
    const [ofService, ofTarget] = [withNumber(source, service), joinKeys(source, target)];
    if (!isProbe(flow)) {
      if (isSilent(flow)) return [];
      this.horizontal.speakAgainst(ofService);
      this.vertical.speakAgainst(ofTarget);
      return [];
    }
    const hosts = this.horizontal.claim(ofService, flow, at);
    hosts.add(flow, at, target.low);
    const ports = this.vertical.claim(ofTarget, flow, at);
    ports.add(flow, at, service);
    [hosts.least, ports.least] = [scan.hosts, scan.ports];
    hosts.leastShare = ports.leastShare = scan.failedShare;
    return [hosts, ports];
  }

  private addToFlood({ flow, at, source, target, service }: Sighting): HostTally[] {
    const key = withNumber(joinKeys(source, target), service);
    if (!isUnanswered(flow)) {
      this.floods.speakAgainst(key);
      return [];
    }
    const tally = this.floods.claim(key, flow, at);
    tally.add(flow, at);
    tally.least = portClass(flow.id_resp_p) === 'names' ? flood.questions : flood.flows;
    tally.leastShare = flood.unansweredShare;
    return [tally];
  }

  private addToBeacon(
    { flow, at, source, target, service }: Sighting,
    window: WindowFacts | null,
  ): HostTally[] {
    if (!window) return [];
    const { pair } = window;
    const isRegular = pair.gapVariation <= beacon.gapVariation && pair.gapMean >= beacon.shortestGap;
    if (!isRegular || !mayBeBeacon(flow)) return [];
    const tally = this.beacons.claim(withNumber(joinKeys(source, target), service), flow, at);
    tally.add(flow, at);
    tally.interval = pair.gapMean;
    tally.least = pair.flows >= beacon.flows ? 0 : Infinity;
    return [tally];
  }

  private report(tally: HostTally): HostFinding[] {
    if (tally.size < tally.reportedAt * 2 || !this.keep(tally)) return [];
    tally.reportedAt = tally.size;
    return [tally.finding()];
  }

  /** Whether there is room for the tally among the findings of its host. */
  private keep(tally: HostTally): boolean {
    const known = this.reported.get(tally.host);
    if (!known) {
      this.reported.set(tally.host, [tally]);
      if (this.reported.size > hostsKept) this.reported.delete(this.reported.keys().next().value ?? '');
      return true;
    }
    if (known.includes(tally)) return true;
    if (known.length < findingsAHost) known.push(tally);
    else if (known[0].isStale(tally, staleAfter)) known.splice(0, 1, tally);
    else return false;
    return true;
  }
}
