import { addressClass } from './address-class.js';
import { withNumber } from './flow-hash.js';
import { bytesText, percent, spanText } from './flow-text.js';
import { partsOf, type ScorePart } from './host-finding.js';
import { HostTally } from './host-tally.js';
import { bitOf, distinctOf, LinearCounts } from './linear-count.js';
import { sentBytes } from './payload.js';
import { type PortClass, portClass } from './port-class.js';
import { type Rhythm, rhythmOf, spreadOf } from './rhythm.js';
import type { Sighting } from './sighting.js';
import { SlotCache } from './slot-cache.js';
import { TallyCache } from './tally-cache.js';

/** Pairs of a source and a service of a host outside, and flows of each, that are remembered. */
const [kept, remembered] = [32_768, 48];
const hostsKept = 32_768;

/** Attempts that show a rhythm: what comes within seconds of each other is a transfer unless it goes on and on. */
const enough = { attempts: 10, daily: 5, hasty: 40 } as const;
/** Seconds: what is faster is no beacon; below the second intervals are hasty, above the third so long that fewer show them. */
const [shortest, hasty, daily] = [0.95, 5, 3 * 3600];
/** Bytes that a hasty attempt sends at most. */
const hastyBytes = 4000;
/** The deviation of intervals from which on there is no rhythm. */
const mostDeviation = 0.3;

/** Services that every machine asks again and again. */
const asksAgain: ReadonlySet<PortClass> = new Set<PortClass>(['names', 'upkeep', 'mail']);

/** Inside hosts from which on it says something how many of them go to a host. */
const hostsThatCompare = 5;

/** At so many flows of a pair its rhythm is looked at, and then again and again. */
const looks = new Set([5, 6, 8, 10, 12, 16, 20, 24, 32, 40]);
const looksEach = 16;

const [next, filled, flows, attempts, last, retries, since] = [0, 1, 2, 3, 4, 5, 6];
const numbersAPlace = 7;

/**
 * Finds who comes back to a host outside like a clock, by RITA's measures (Active Countermeasures): how even the
 * intervals are, how even what is sent, how long it goes on, and how rare the host is among those inside.
 */
export class BeaconEvidence {
  private readonly slots = new SlotCache(kept);
  private readonly times = new Float64Array(kept * remembered);
  private readonly sizes = new Float32Array(kept * remembered);
  private readonly numbers = new Float64Array(kept * numbersAPlace);
  private readonly tallies = new TallyCache(4096);
  /** The inside hosts that go to each host outside, and all that do. */
  private readonly visitors = new LinearCounts(hostsKept);
  private readonly sources = new Int32Array(2);

  /** @param fromFirst whether each pair is kept count of from its first flow on */
  constructor(private readonly fromFirst: boolean) {}

  /** The tallies that count the flow. */
  add(sighting: Sighting): HostTally[] {
    if (!mayBeBeacon(sighting)) return [];
    const { flow, source, target, pair, service, at } = sighting;
    this.visitors.add(target, source.low);
    const bit = bitOf(source.low);
    this.sources[bit >> 5] |= 1 << (bit & 31);
    const key = withNumber(pair, service);
    const slot = this.slots.claim(key.high, key.low);
    const base = slot * numbersAPlace;
    this.remember(slot, flow.ts ?? at, sentBytes(flow) || 0);
    const count = this.numbers[base + flows];
    const known = count >= enough.daily || this.fromFirst ? this.tallies.find(key, at, Infinity) : null;
    const looked = looks.has(count) || count % looksEach === 0 ? this.look(slot, sighting) : null;
    if (!known && !this.fromFirst && !(looked && looked.rhythm.deviation <= mostDeviation)) return [];
    const tally =
      known ?? this.tallies.claim(key, at, Infinity, () => tallyOf(sighting, this.numbers[base + since]));
    tally.add(flow, at);
    if (looked) {
      tally.interval = looked.rhythm.interval;
      tally.weigh(looked.parts);
    }
    tally.attempts = this.numbers[base + attempts];
    return [tally];
  }

  private remember(slot: number, start: number, sent: number): void {
    const { numbers } = this;
    const base = slot * numbersAPlace;
    if (this.slots.wasNew) {
      numbers.fill(0, base, base + numbersAPlace);
      numbers[base + since] = start;
      numbers[base + last] = -Infinity;
      numbers[base + retries] = -1;
    }
    this.times[slot * remembered + numbers[base + next]] = start;
    this.sizes[slot * remembered + numbers[base + next]] = sent;
    numbers[base + next] = (numbers[base + next] + 1) % remembered;
    numbers[base + filled] = Math.min(remembered, numbers[base + filled] + 1);
    numbers[base + flows]++;
    if (start - numbers[base + last] > numbers[base + retries]) numbers[base + attempts]++;
    numbers[base + last] = Math.max(start, numbers[base + last]);
  }

  private look(slot: number, sighting: Sighting): { rhythm: Rhythm; parts: ScorePart[] } {
    const { numbers } = this;
    const base = slot * numbersAPlace;
    const from = slot * remembered;
    const rhythm = rhythmOf(this.times.slice(from, from + numbers[base + filled]).sort());
    numbers[base + retries] = rhythm.retries;
    // As long as all of its flows are remembered.
    if (numbers[base + flows] <= remembered) numbers[base + attempts] = rhythm.attempts;
    const sizes = spreadOf(this.sizes.subarray(from, from + numbers[base + filled]));
    return { rhythm, parts: this.partsOf(rhythm, numbers[base + attempts], sizes, sighting) };
  }

  private partsOf(
    { interval, deviation, skew }: Rhythm,
    count: number,
    sizes: ReturnType<typeof spreadOf>,
    { target }: Sighting,
  ): ScorePart[] {
    const isHasty = interval < hasty;
    const least = isHasty ? enough.hasty : interval >= daily ? enough.daily : enough.attempts;
    const isRhythm = count >= least && deviation <= mostDeviation && interval >= shortest;
    if (!isRhythm || (isHasty && sizes.interval > hastyBytes)) return [];
    return partsOf(
      {
        part: 'regularity',
        points: 0.6 * (1 - deviation) + 0.1 * (1 - Math.abs(skew)),
        text: `every ${spanText(interval)}, give or take ${percent(deviation)}`,
      },
      {
        part: 'sizes',
        points: 0.2 * (1 - Math.min(1, 2 * sizes.deviation)),
        text: `${bytesText(sizes.interval)} sent each time, give or take ${percent(sizes.deviation)}`,
      },
      {
        part: 'persistence',
        points: 0.1 + 0.1 * Math.min(2, Math.log2(count / least)),
        text: `${count} attempts`,
      },
      this.rarity(this.visitors.of(target)),
    );
  }

  private rarity(visitors: number): ScorePart {
    const all = distinctOf(this.sources[0], this.sources[1]);
    const share = visitors / Math.max(all, visitors);
    const points = all < hostsThatCompare ? 0 : share >= 0.5 ? -0.4 : share <= 0.2 ? 0.1 : 0;
    return { part: 'rarity', points, text: `${visitors} of ${all} hosts inside go there` };
  }
}

/** To a host outside, and none of the services that every machine asks again and again. */
function mayBeBeacon({ flow, from, to, contact, direction }: Sighting): boolean {
  if (flow.proto !== 'tcp' && flow.proto !== 'udp') return false;
  // Who says nothing looks whether a host is there, and gets no orders.
  if (contact === 'none' || contact === 'touch' || addressClass(to) !== 'public') return false;
  // Nobody has told where the network ends that is watched; IPv6 has no private addresses that would tell.
  if (direction !== 'out' && !(direction === 'across' && from.includes(':'))) return false;
  return !asksAgain.has(portClass(flow.id_resp_p));
}

function tallyOf({ flow, from: host, to: target }: Sighting, since: number): HostTally {
  const { id_resp_p: port, proto } = flow;
  const tally = new HostTally({ kind: 'beacon', host, target, port, proto }, null);
  tally.addAmounts(since, 0, 0, 0);
  return tally;
}
