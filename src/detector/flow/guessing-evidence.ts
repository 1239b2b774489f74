import { withNumber } from './flow-hash.js';
import { counted, percent, spanText } from './flow-text.js';
import { partsOf, type ScorePart } from './host-finding.js';
import { HostTally } from './host-tally.js';
import { receivedBytes, sentBytes } from './payload.js';
import { type PortClass, portClass } from './port-class.js';
import type { Sighting } from './sighting.js';
import { SlotCache } from './slot-cache.js';
import { TallyCache } from './tally-cache.js';

const kept = 4096;
/** Sessions of a pair whose times are remembered. */
const remembered = 64;
/** Seconds without a session after which guessing is over. */
const idle = 86_400;

/** A session that ends at a wrong password is no longer and carries no more. */
const short = { seconds: 120, bytes: 20_000 };

/**
 * Short sessions within 10 min, an hour and a day that are guessing by themselves. Zeek's policy/protocols/ssh/
 * detect-bruteforcing takes 30 in 30 min.
 */
const enough = [
  { seconds: 600, sessions: 24 },
  { seconds: 3600, sessions: 40 },
  { seconds: 86_400, sessions: 80 },
] as const;

/** Services that ask for a password. */
const asking: ReadonlySet<PortClass> = new Set<PortClass>(['shell', 'files', 'database', 'mail']);

const [next, filled, sessions, long, mean, variance] = [0, 1, 2, 3, 4, 5];
const numbersAPlace = 6;

/** Finds who tries one password after another: many short sessions of equal size with a service that asks for one. */
export class GuessingEvidence {
  private readonly slots = new SlotCache(kept);
  private readonly times = new Float64Array(kept * remembered);
  private readonly numbers = new Float64Array(kept * numbersAPlace);
  private readonly tallies = new TallyCache(kept);

  /** The tallies that count the flow. */
  add(sighting: Sighting): HostTally[] {
    const { flow, pair, service, at, contact } = sighting;
    if (flow.proto !== 'tcp' || contact !== 'talk' || !asking.has(portClass(flow.id_resp_p))) return [];
    const key = withNumber(pair, service);
    const slot = this.slots.claim(key.high, key.low);
    const base = slot * numbersAPlace;
    if (this.slots.wasNew) this.numbers.fill(0, base, base + numbersAPlace);
    const received = receivedBytes(flow) || 0;
    const isShort = (flow.duration ?? 0) <= short.seconds && received + (sentBytes(flow) || 0) <= short.bytes;
    if (!isShort) {
      this.numbers[base + long]++;
      return [];
    }
    this.remember(slot, at, received);
    const parts = this.partsOf(slot, at, sighting);
    const { from: host, to: target } = sighting;
    const { id_resp_p: port, proto } = flow;
    const tally = this.tallies.claim(
      key,
      at,
      idle,
      () => new HostTally({ kind: 'password-guessing', host, target, port, proto }, null),
    );
    tally.add(flow, at);
    tally.weigh(tally.broadest(parts));
    return [tally];
  }

  private remember(slot: number, at: number, received: number): void {
    const { numbers } = this;
    const base = slot * numbersAPlace;
    this.times[slot * remembered + numbers[base + next]] = at;
    numbers[base + next] = (numbers[base + next] + 1) % remembered;
    numbers[base + filled] = Math.min(remembered, numbers[base + filled] + 1);
    // West 1979.
    const n = ++numbers[base + sessions];
    const difference = received - numbers[base + mean];
    numbers[base + mean] += difference / n;
    numbers[base + variance] += difference * (received - numbers[base + mean]);
  }

  private partsOf(slot: number, at: number, { flow, direction }: Sighting): ScorePart[] {
    const base = slot * numbersAPlace;
    const count = this.numbers[base + sessions];
    const deviation = Math.sqrt(this.numbers[base + variance] / count);
    const variation = this.numbers[base + mean] > 0 ? deviation / this.numbers[base + mean] : 0;
    const ordinary = this.numbers[base + long] / (this.numbers[base + long] + count);
    const isOutside = direction === 'in' || direction === 'across';
    const asked = portClass(flow.id_resp_p);
    // Every device looks for mail, minute after minute; programs ask for data and files by the thousand.
    const isBusiness = asked === 'mail' || (asked !== 'shell' && !isOutside);
    return partsOf(
      this.breadth(slot, at),
      { part: 'direction', points: isOutside ? 1 : 0, text: 'from outside' },
      {
        part: 'sizes',
        points: Math.min(0, 2 * (0.35 - variation)),
        text: `answers whose size varies by ${percent(variation)}`,
      },
      { part: 'port', points: isBusiness ? -3 : 0, text: 'a service that clients ask again and again' },
      {
        part: 'answers',
        points: Math.min(0, -6 * (ordinary - 0.05)),
        text: `${counted(this.numbers[base + long], 'session')} longer or larger`,
      },
    );
  }

  private breadth(slot: number, at: number): ScorePart {
    const { times } = this;
    const end = slot * remembered + this.numbers[slot * numbersAPlace + filled];
    const within = [0, 0, 0];
    for (let i = slot * remembered; i < end; i++)
      for (let w = 0; w < enough.length; w++) if (at - times[i] <= enough[w].seconds) within[w]++;
    const points = within.map((count, w) => 1 + Math.log2(count / enough[w].sessions));
    const best = points.indexOf(Math.max(...points));
    const atLeast = within[best] === remembered ? 'at least ' : '';
    return {
      part: 'breadth',
      points: points[best],
      text: `${atLeast}${counted(within[best], 'short session')} within ${spanText(enough[best].seconds)}`,
    };
  }
}
