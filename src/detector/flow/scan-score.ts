import type { DoorCount } from './doors.js';
import { scanWindows } from './doors.js';
import { counted, percent, spanText } from './flow-text.js';
import { partsOf, type ScorePart } from './host-finding.js';
import type { Direction } from './local-networks.js';
import { portHabit } from './service-port.js';

/** What else is known of a source when its doors are counted. */
export interface ScanSetting {
  readonly direction: Direction;
  /** Hosts, or services, with which it spoke instead; not told apart from 200 on. */
  readonly talked: number;
}

/**
 * Doors within 30 s, 5 min, an hour and a day that are a scan by themselves. Zeek's policy/misc/scan takes 25 hosts or
 * 15 ports in 5 min and nothing else; Slips takes 5 of either in an hour, which every browser reaches.
 */
const enough = {
  hosts: [11, 25, 50, 100],
  ports: [10, 15, 25, 40],
  block: [40, 60, 100, 150],
} as const;

/** Who searches hosts with one service. @param port null of pings */
export function horizontalParts(
  count: DoorCount,
  port: number | null,
  { direction, talked }: ScanSetting,
): ScorePart[] {
  const habit = portHabit(port, direction);
  const isBusiness = habit === 'everyday' || habit === 'monitoring' || habit === 'peers';
  return partsOf(
    // What clients and monitors ask all at once is no burst.
    breadth(count, enough.hosts, 'host', isBusiness ? 1 : 0),
    direction === 'in'
      ? { part: 'direction', points: 1, text: 'from outside' }
      : { part: 'direction', points: direction === 'out' && habit === 'other' ? -1 : 0, text: 'to outside' },
    spread(count, habit, direction, port),
    answers(count, talked, 'host'),
    repetition(count),
  );
}

/** Who searches ports of one host. @param lowestPort of those that it tried */
export function verticalParts(
  count: DoorCount,
  lowestPort: number,
  { direction, talked }: ScanSetting,
): ScorePart[] {
  const isData = direction !== 'in' && talked > 0 && lowestPort >= 1024;
  return partsOf(
    breadth(count, enough.ports, 'port', 0),
    { part: 'direction', points: direction === 'in' ? 1 : 0, text: 'from outside' },
    { part: 'ports', points: isData ? -2 : 0, text: 'high ports of a host that it speaks with' },
    answers(count, talked, 'port'),
    repetition(count),
  );
}

/** Who searches ports of many hosts, few of each: from outside alone, for peers that share files do so from inside. */
export function blockParts(count: DoorCount, { talked }: ScanSetting): ScorePart[] {
  return partsOf(breadth(count, enough.block, 'port', 0), answers(count, talked, 'port'), repetition(count));
}

/** 1 at what is enough, in the window that shows most, and 1 more with each doubling. */
function breadth(count: DoorCount, enoughOf: readonly number[], one: string, shortest: number): ScorePart {
  let best = shortest;
  const points = (w: number): number => 1 + Math.log2(count.weights[w] / enoughOf[w]);
  for (let w = shortest + 1; w < scanWindows.length; w++) if (points(w) > points(best)) best = w;
  return {
    part: 'breadth',
    points: Math.max(-2, points(best)),
    text: `${count.atLeast ? 'at least ' : ''}${counted(count.doors[best], one)} within ${spanText(scanWindows[best])} not opened`,
  };
}

/** Who is answered by more than a fifth of those it turns to knows them. */
function answers(count: DoorCount, talked: number, one: string): ScorePart {
  const doors = count.doors[scanWindows.length - 1];
  const share = talked / (talked + doors);
  return {
    part: 'answers',
    points: Math.min(0, -4 * (share - 0.2)),
    text: `spoke with ${counted(talked, one)} (${percent(share)})`,
  };
}

/** Who comes back round after round watches what it knows, or does not give up. */
function repetition(count: DoorCount): ScorePart {
  const rounds = count.attempts / count.doors[scanWindows.length - 1];
  return {
    part: 'repetition',
    points: Math.min(0, -1.5 * Math.log2(rounds)),
    text: `${rounds.toFixed(1)} attempts at each`,
  };
}

/** A sweep goes through networks; what is asked for all over the world and not reached is a network that is down. */
function spread(
  count: DoorCount,
  habit: ReturnType<typeof portHabit>,
  direction: Direction,
  port: number | null,
): ScorePart {
  const text = port === null ? 'pings' : `port ${port}`;
  switch (habit) {
    case 'monitoring':
      return { part: 'port', points: -2, text: `${text} is one that monitors ask` };
    case 'peers':
      return { part: 'port', points: -3, text: `${text} is one of file sharing` };
    case 'everyday': {
      if (direction === 'within') return { part: 'port', points: -0.5, text: `${text} is an everyday one` };
      const scattered = count.networks * 4 > count.doors[scanWindows.length - 1];
      return { part: 'port', points: scattered ? -4 : 0, text: `${text} of hosts all over the world` };
    }
    case 'way-in':
    case 'other':
      return { part: 'port', points: 0, text };
  }
}
