import type { Key } from './flow-hash.js';
import { withNumber } from './flow-hash.js';
import { bytesText, counted, figure, percent } from './flow-text.js';
import { partsOf, type ScorePart } from './host-finding.js';
import { HostTally } from './host-tally.js';
import { sentBytes } from './payload.js';
import { portClass } from './port-class.js';
import type { Sighting } from './sighting.js';
import { SlotCache } from './slot-cache.js';
import { TallyCache } from './tally-cache.js';

const kept = 4096;
/** Seconds that amounts are added up over, and without a flow after which a flood is over. */
const [minute, idle] = [60, 300];

/**
 * What a minute holds of a flood without an answer, any of them: far above what tries again and again, also behind a
 * translator of addresses, what asks for names, and a call whose other side is not heard.
 */
const enough = { flows: 1000, questions: 10_000, packets: 30_000, bytes: 60e6 } as const;

/** From this part of what is enough the flows are kept count of. */
const countedFrom = 0.25;

/** Where machines of one network send without ever being answered: logs, flows, figures, pictures. */
const oneSided = new Set([
  162, 514, 1514, 2055, 2056, 4739, 5004, 6343, 6514, 8125, 8089, 9995, 9996, 12_201,
]);

const [from, flows, packets, bytes, answered] = [0, 1, 2, 3, 4];
const numbersAPlace = 5;

/** Finds who sends a host more than it can answer: by flows, by packets and by bytes. */
export class FloodEvidence {
  private readonly slots = new SlotCache(kept);
  private readonly numbers = new Float64Array(kept * numbersAPlace);
  private readonly tallies = new TallyCache(kept);

  /** The tallies that count the flow. */
  add(sighting: Sighting): HostTally[] {
    const { flow, pair, service, at } = sighting;
    const key = withNumber(pair, service);
    const isAnswered = flow.conn_state !== 'REJ' && Boolean(flow.resp_pkts ?? flow.resp_bytes);
    if (isAnswered || !isHeard(sighting)) {
      const slot = this.slots.find(key.high, key.low);
      if (slot >= 0) this.numbers[slot * numbersAPlace + answered]++;
      return [];
    }
    const base = this.minuteOf(key, at);
    // Of what lasts longer, the part of a minute.
    const share = Math.min(1, minute / (flow.duration ?? minute));
    const earlier = this.numbers.slice(base, base + numbersAPlace);
    this.numbers[base + flows]++;
    this.numbers[base + packets] += (flow.orig_pkts ?? 0) * share;
    this.numbers[base + bytes] += (sentBytes(flow) || 0) * share;
    const most = this.mostOf(base, sighting);
    let tally = this.tallies.find(key, at, idle);
    if (!tally && most.points < 1 + Math.log2(countedFrom)) return [];
    if (!tally) {
      const { from: host, to: target } = sighting;
      const { id_resp_p: port, proto } = flow;
      tally = this.tallies.claim(
        key,
        at,
        idle,
        () => new HostTally({ kind: 'flood', host, target, port, proto }, null),
      );
      tally.addAmounts(earlier[from], earlier[flows], earlier[packets], earlier[bytes]);
    }
    tally.add(flow, at);
    tally.weigh(tally.broadest(this.partsOf(base, most)));
    return [tally];
  }

  private minuteOf({ high, low }: Key, at: number): number {
    const slot = this.slots.claim(high, low);
    const base = slot * numbersAPlace;
    if (this.slots.wasNew || at - this.numbers[base + from] > minute) {
      this.numbers.fill(0, base, base + numbersAPlace);
      this.numbers[base + from] = at;
    }
    return base;
  }

  private mostOf(base: number, { flow }: Sighting): ScorePart {
    const asks = portClass(flow.id_resp_p) === 'names' && flow.proto !== 'icmp';
    const amounts = [
      [this.numbers[base + flows], asks ? enough.questions : enough.flows, (n: number) => counted(n, 'flow')],
      [this.numbers[base + packets], enough.packets, (n: number) => `${figure(n)} packets`],
      [this.numbers[base + bytes], enough.bytes, bytesText],
    ] as const;
    const [amount, of, say] = amounts.reduce((a, b) => (b[0] / b[1] > a[0] / a[1] ? b : a));
    return {
      part: 'breadth',
      points: Math.max(-20, 1 + Math.log2(amount / of)),
      text: `${say(amount)} within a minute not answered`,
    };
  }

  private partsOf(base: number, most: ScorePart): ScorePart[] {
    const known = this.numbers[base + answered];
    const share = known / (known + this.numbers[base + flows]);
    return partsOf(most, {
      part: 'answers',
      points: Math.min(0, -6 * (share - 0.2)),
      text: `${counted(known, 'other flow')} answered (${percent(share)})`,
    });
  }
}

/** Whether the flow could be one of a flood: its originator is who sent it, to whom an answer is expected of. */
function isHeard({ flow, direction, contact }: Sighting): boolean {
  if (flow.history?.includes('^') || flow.conn_state === 'SHR' || contact === 'talk') return false;
  if (flow.resp_pkts === null && flow.conn_state === null) return false;
  const collects = flow.proto === 'udp' && flow.id_resp_p !== null && oneSided.has(flow.id_resp_p);
  return !(collects && direction === 'within');
}
