import { addressClass } from './address-class.js';
import { BeaconEvidence } from './beacon-evidence.js';
import { contactOf } from './contact.js';
import { CountBudget } from './distinct-count.js';
import { serviceOf } from './doors.js';
import { endOf, type Flow } from './flow.js';
import { joinKeys, keyOf } from './flow-hash.js';
import { FloodEvidence } from './flood-evidence.js';
import { GuessingEvidence } from './guessing-evidence.js';
import type { HostFinding } from './host-finding.js';
import type { HostTally } from './host-tally.js';
import { LocalNetworks } from './local-networks.js';
import { ScanEvidence } from './scan-evidence.js';
import type { Sighting } from './sighting.js';

const [hostsKept, findingsAHost] = [500, 10];
/** Seconds after which a finding makes room for another of its host. */
const staleAfter = 3600;
/** Doors of all scans that are told apart: 16 MB. */
const doorsKept = 2 ** 22;

export interface HostEvidenceOptions {
  readonly networks?: LocalNetworks;
  /** Whether few flows will come, each of which is to be counted from the first. */
  readonly isShort?: boolean;
}

/**
 * Adds flows up to what their hosts are doing. Only a host that begins flows is ever named, for flows that it began:
 * not whom it scans or floods, no server however busy, no client whose questions fail. Memory is bounded (see the parts),
 * and the findings of the last 500 hosts are kept, 10 of each.
 */
export class HostEvidence {
  private readonly networks: LocalNetworks;
  private readonly scans: ScanEvidence;
  private readonly floods = new FloodEvidence();
  private readonly beacons: BeaconEvidence;
  private readonly guessing = new GuessingEvidence();
  private readonly found = new Map<string, HostTally[]>();
  /** Findings of which there may be something new to report. */
  private readonly grown = new Set<HostTally>();
  private now = -Infinity;

  constructor({ networks = LocalNetworks.standard, isShort = false }: HostEvidenceOptions = {}) {
    this.networks = networks;
    this.scans = new ScanEvidence(new CountBudget(doorsKept));
    this.beacons = new BeaconEvidence(isShort);
  }

  /** What has been found and still holds, host by host, with all that has been seen of it since. */
  findings(): HostFinding[] {
    const tallies = [...this.found.values()].flat();
    return tallies.filter(({ isFound }) => isFound).map((tally) => tally.finding());
  }

  /**
   * What is found, or has gone on for long since it was reported, or is over. In the log's own time.
   * @param isEnd whether nothing else is to come
   */
  newFindings(isEnd = false): HostFinding[] {
    const due: HostFinding[] = [];
    for (const tally of this.grown) {
      if (tally.isFound && !tally.isDue(this.now, isEnd)) {
        if (!tally.hasGrown) this.grown.delete(tally);
        continue;
      }
      this.grown.delete(tally);
      if (!tally.isFound) continue;
      tally.noteReported(this.now);
      due.push(tally.finding());
    }
    return due;
  }

  /**
   * Takes in a flow, in about the order in which flows were over.
   * @returns the tallies that count it, whether they are findings already or not
   */
  add(flow: Flow): readonly HostTally[] {
    const sighting = this.sightingOf(flow);
    if (!sighting) return [];
    const tallies = [
      ...this.scans.add(sighting),
      ...this.floods.add(sighting),
      ...this.beacons.add(sighting),
      ...this.guessing.add(sighting),
    ];
    for (const tally of tallies) if (tally.isFound && this.keep(tally)) this.grown.add(tally);
    return tallies;
  }

  private sightingOf(flow: Flow): Sighting | null {
    const at = endOf(flow);
    const { id_orig_h: from, id_resp_h: to } = flow;
    if (Number.isNaN(at) || from === null || to === null) return null;
    if (at > this.now) this.now = at;
    if (addressClass(to) === 'group' || addressClass(from) === 'group') return null;
    const [source, target] = [keyOf(from), keyOf(to)];
    return {
      flow,
      from,
      to,
      at,
      source,
      target,
      pair: joinKeys(source, target),
      service: serviceOf(flow),
      contact: contactOf(flow),
      direction: this.networks.directionOf(flow),
    };
  }

  /** Whether there is room for the tally among the findings of its host. */
  private keep(tally: HostTally): boolean {
    const known = this.found.get(tally.host);
    if (!known) {
      this.found.set(tally.host, [tally]);
      if (this.found.size > hostsKept) this.forget();
      return true;
    }
    if (known.includes(tally)) return true;
    if (known.length < findingsAHost) known.push(tally);
    else if (!known[0].isFound || tally.firstAt - known[0].lastAt > staleAfter)
      known.splice(0, 1, tally)[0].end();
    else return false;
    return true;
  }

  private forget(): void {
    const [host, tallies] = this.found.entries().next().value!;
    this.found.delete(host);
    for (const tally of tallies) {
      tally.end();
      this.grown.delete(tally);
    }
  }
}
