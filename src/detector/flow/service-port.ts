import type { Direction } from './local-networks.js';
import { portClass } from './port-class.js';

/** What is known of a port by habit, as far as it bears on what an unanswered connection to it means. */
export type PortHabit =
  /** What worms and intruders look for: a machine, its files or its data. */
  | 'way-in'
  /** What every client asks for all day, and in vain where its network is down. */
  | 'everyday'
  /** What watches over machines asks, round after round. */
  | 'monitoring'
  /** Where peers look for each other, most of whom are gone. */
  | 'peers'
  | 'other';

const monitoring = new Set([
  ...[161, 1248, 4949, 5666, 5667, 6556, 9090, 9100, 9115, 9182, 10_050, 10_051, 12_489],
]);
const peers = { from: 6881, to: 6999, others: new Set([4661, 4662, 4665, 4672, 6346, 6347, 51_413]) };

/** Of a port of TCP or UDP. @param direction within a network other things are everyday than outside of it */
export function portHabit(port: number | null, direction: Direction): PortHabit {
  if (port === null) return 'other';
  if (direction === 'within' && monitoring.has(port)) return 'monitoring';
  if ((port >= peers.from && port <= peers.to) || peers.others.has(port)) return 'peers';
  switch (portClass(port)) {
    case 'shell':
    case 'files':
    case 'database':
      return 'way-in';
    case 'web':
    case 'names':
    case 'upkeep':
    case 'mail':
    case 'chat':
      return direction === 'in' ? 'way-in' : 'everyday';
    case 'other':
      return 'other';
  }
}
