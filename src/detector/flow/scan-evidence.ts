import type { CountBudget } from './distinct-count.js';
import { type Door, doorHash, Doors, emptyDoorCount } from './doors.js';
import { hashText, type Key, withNumber } from './flow-hash.js';
import { type FindingKind, type ScorePart } from './host-finding.js';
import { HostTally } from './host-tally.js';
import { LinearCounts } from './linear-count.js';
import { blockParts, horizontalParts, type ScanSetting, verticalParts } from './scan-score.js';
import type { Sighting } from './sighting.js';
import { SlotCache } from './slot-cache.js';
import { TallyCache } from './tally-cache.js';

/** Places for sources and for tallies of each kind, for services and for hosts of sources. */
const [sourcesKept, servicesKept, pairsKept] = [4096, 16_384, 65_536];
/** Seconds without a knock after which a scan is over. */
const idle = 43_200;
/** How much a door counts that opened and where nothing was said: so does who watches over servers. */
const touchWeight = 0.2;

/** Finds who looks for hosts, for ports of a host, or for ports of hosts, by the doors at which they knock in vain. */
export class ScanEvidence {
  private readonly sources = new SlotCache(sourcesKept);
  private readonly doors: Doors[] = [];
  /** Hosts with which a source spoke over a service, and services over which it spoke with a host. */
  private readonly hostsSpoken = new LinearCounts(servicesKept);
  private readonly servicesSpoken = new LinearCounts(pairsKept);
  private readonly horizontal = new TallyCache(sourcesKept);
  private readonly vertical = new TallyCache(sourcesKept);
  private readonly block = new TallyCache(sourcesKept);
  private readonly count = emptyDoorCount();

  constructor(private readonly budget: CountBudget) {}

  /** The tallies that count the flow. */
  add(sighting: Sighting): HostTally[] {
    const { contact } = sighting;
    if (contact === 'talk') this.noteTalk(sighting);
    if (contact === 'talk' || contact === 'none') return [];
    const { source, target, to, service, pair, at } = sighting;
    const doors = this.doorsOf(source);
    const door = { host: target.low, network: hashText(networkOf(to)), service };
    const isForgiven = this.servicesSpoken.of(pair) > 0;
    const isNew = doors.add(door, at, contact === 'touch' ? touchWeight : 1, isForgiven);
    const tallies: HostTally[] = [];
    if (!isForgiven) this.addHorizontal(sighting, doors, door, isNew, tallies);
    if (sighting.flow.proto !== 'icmp') {
      this.addVertical(sighting, doors, door, isNew, tallies);
      if (sighting.direction === 'in' && !tallies.some(({ isFound }) => isFound))
        this.addBlock(sighting, doors, door, isNew, tallies);
    }
    return tallies;
  }

  /** Who is spoken with was not looked for: that may take back what was found. */
  private noteTalk({ source, target, pair, service, direction }: Sighting): void {
    this.hostsSpoken.add(withNumber(source, service), target.low);
    this.servicesSpoken.add(pair, service);
    const slot = this.sources.find(source.high, source.low);
    if (slot < 0) return;
    this.doors[slot].forgive(target.low, (knocked) => {
      const key = withNumber(source, knocked);
      this.hostsSpoken.add(key, target.low);
      const tally = this.horizontal.find(key, 0, Infinity);
      if (!tally?.isFound) return;
      this.doors[slot].hostsOf(knocked, tally.lastAt, this.count);
      tally.weigh(this.horizontalParts(tally, key, portOf(knocked), direction));
    });
  }

  private addHorizontal(
    { flow, from, at, source, service, direction }: Sighting,
    doors: Doors,
    { host }: Door,
    isNew: boolean,
    tallies: HostTally[],
  ): void {
    const key = withNumber(source, service);
    let tally = this.horizontal.find(key, at, idle);
    if (isNew || tally?.isFound) doors.hostsOf(service, at, this.count);
    else if (!tally) return;
    if (!tally) {
      const port = flow.proto === 'icmp' ? null : flow.id_resp_p;
      tally = this.horizontal.claim(key, at, idle, () => {
        const made = this.tally('horizontal-scan', from, null, port, flow.proto);
        doors.eachHost(service, (earlier) => earlier !== host && made.include(this.count.since, earlier));
        return made;
      });
    }
    tally.add(flow, at, host);
    if (isNew || tally.isFound) tally.weigh(this.horizontalParts(tally, key, portOf(service), direction));
    tallies.push(tally);
  }

  private horizontalParts(
    tally: HostTally,
    key: Key,
    port: number | null,
    direction: ScanSetting['direction'],
  ): ScorePart[] {
    return tally.broadest(horizontalParts(this.count, port, { direction, talked: this.hostsSpoken.of(key) }));
  }

  private addVertical(
    { flow, from, to, at, pair, service, direction }: Sighting,
    doors: Doors,
    { host }: Door,
    isNew: boolean,
    tallies: HostTally[],
  ): void {
    let tally = this.vertical.find(pair, at, idle);
    if (isNew || tally?.isFound) doors.servicesOf(host, at, this.count);
    else if (!tally) return;
    if (!tally) {
      tally = this.vertical.claim(pair, at, idle, () => {
        const made = this.tally('vertical-scan', from, to, null, flow.proto);
        doors.eachService(host, (earlier) => earlier !== service && made.include(this.count.since, earlier));
        return made;
      });
    }
    tally.add(flow, at, service);
    const talked = this.servicesSpoken.of(pair);
    if (isNew || tally.isFound)
      tally.weigh(tally.broadest(verticalParts(this.count, this.count.lowestPort, { direction, talked })));
    tallies.push(tally);
  }

  private addBlock(
    { flow, from, at, source, service, direction }: Sighting,
    doors: Doors,
    { host }: Door,
    isNew: boolean,
    tallies: HostTally[],
  ): void {
    let tally = this.block.find(source, at, idle);
    if (!isNew && !tally) return;
    doors.all(at, this.count);
    const door = doorHash(host, service);
    if (!tally) {
      tally = this.block.claim(source, at, idle, () => {
        const made = this.tally('block-scan', from, null, null, flow.proto);
        doors.eachDoor((earlier) => earlier !== door && made.include(this.count.since, earlier));
        return made;
      });
    }
    tally.add(flow, at, door);
    tally.weigh(tally.broadest(blockParts(this.count, { direction, talked: 0 })));
    tallies.push(tally);
  }

  private doorsOf({ high, low }: Key): Doors {
    const slot = this.sources.claim(high, low);
    if (this.sources.wasNew) this.doors[slot] = new Doors();
    return this.doors[slot];
  }

  private tally(
    kind: FindingKind,
    host: string,
    target: string | null,
    port: number | null,
    proto: string,
  ): HostTally {
    return new HostTally({ kind, host, target, port, proto }, this.budget);
  }
}

function portOf(service: number): number | null {
  return (service & 255) === 1 ? null : service >>> 8;
}

/** The first 24 bits of an IPv4 address, about the first 48 of an IPv6 one: what is commonly one network. */
function networkOf(address: string): string {
  if (!address.includes(':')) return address.slice(0, address.lastIndexOf('.'));
  let end = 0;
  for (let groups = 0; groups < 3 && end >= 0; groups++) end = address.indexOf(':', end + 1);
  return end < 0 ? address : address.slice(0, end);
}
