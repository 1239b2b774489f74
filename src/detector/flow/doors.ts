import type { Flow } from './flow.js';
import { hashText } from './flow-hash.js';
import { bitOf, distinctOf } from './linear-count.js';

/** Doors of a source that are told apart at a time, and how many there is room for at first. */
const [most, atFirst] = [256, 16];
/** Seconds within which another knock at the same door is the same attempt: a stack sends its SYN again by itself. */
const oneAttempt = 10;

/** Seconds, short to long, within which doors are counted: what is slow in one shows in a longer one. */
export const scanWindows = [30, 300, 3600, 86_400] as const;

/** A service of a host. */
export interface Door {
  /** Hashes of the host and of the network that it is in. */
  readonly host: number;
  readonly network: number;
  /** As `serviceOf` says. */
  readonly service: number;
}

/** The port and the protocol in one number; pings have no port. */
export function serviceOf({ proto, id_resp_p: port }: Pick<Flow, 'proto' | 'id_resp_p'>): number {
  const protocol = proto === 'tcp' ? 6 : proto === 'udp' ? 17 : proto === 'icmp' ? 1 : hashText(proto) & 255;
  return ((proto === 'icmp' ? 0 : (port ?? 0)) << 8) | protocol;
}

/** One number for a service of a host. */
export function doorHash(host: number, service: number): number {
  return host ^ Math.imul(service, 0x9e3779b1);
}

/** Some of the doors of a source: hosts with a service, services of a host, or all. */
export interface DoorCount {
  /** What the doors weigh that it first came to within each of `scanWindows`, and how many they are. */
  readonly weights: Float64Array;
  readonly doors: Int32Array;
  /** Attempts at the doors of the longest window. */
  attempts: number;
  /** Distinct networks of them; not told apart from 50 on. */
  networks: number;
  /** When it came to the first of them. */
  since: number;
  /** The lowest of their ports. */
  lowestPort: number;
  /** Whether there may have been more: the earliest of the source's doors are forgotten. */
  atLeast: boolean;
}

export function emptyDoorCount(): DoorCount {
  return {
    weights: new Float64Array(scanWindows.length),
    doors: new Int32Array(scanWindows.length),
    attempts: 0,
    networks: 0,
    since: NaN,
    lowestPort: 0,
    atLeast: false,
  };
}

/**
 * The doors at which one source knocked and nobody opened, each once, in a ring of at most 256: 9 KB. Sliding windows of
 * any length are read off the times at which it first came to each.
 */
export class Doors {
  private size = 0;
  private next = 0;
  private hosts = new Int32Array(atFirst);
  private networks = new Int32Array(atFirst);
  private services = new Int32Array(atFirst);
  private firstAt = new Float64Array(atFirst);
  private lastAt = new Float64Array(atFirst);
  private attempts = new Uint16Array(atFirst);
  private weights = new Float32Array(atFirst);
  /** Whether the source has spoken with the door's host since. */
  private forgiven = new Uint8Array(atFirst);

  /**
   * Takes in a knock.
   * @param weight how much its door counts, 1 for one that stayed shut
   * @param isForgiven whether the source speaks with the host
   * @returns whether the source did not come to this door before, as far as is remembered
   */
  add({ host, network, service }: Door, at: number, weight: number, isForgiven: boolean): boolean {
    const known = this.find(host, service);
    if (known >= 0) {
      if (at - this.lastAt[known] > oneAttempt && this.attempts[known] < 65_535) this.attempts[known]++;
      this.lastAt[known] = Math.max(at, this.lastAt[known]);
      return false;
    }
    const i = this.place();
    this.hosts[i] = host;
    this.networks[i] = network;
    this.services[i] = service;
    this.firstAt[i] = this.lastAt[i] = at;
    this.attempts[i] = 1;
    this.weights[i] = weight;
    this.forgiven[i] = isForgiven ? 1 : 0;
    return true;
  }

  /**
   * Notes that the source speaks with a host: its doors are none of a search for hosts.
   * @param take gets the services of those that were until now
   */
  forgive(host: number, take: (service: number) => unknown): void {
    for (let i = 0; i < this.size; i++) {
      if (this.hosts[i] !== host || this.forgiven[i] === 1) continue;
      this.forgiven[i] = 1;
      take(this.services[i]);
    }
  }

  /** Counts the hosts at which it knocked with a service. */
  hostsOf(service: number, at: number, out: DoorCount): void {
    this.count(this.services, service, true, at, out);
  }

  /** Counts the services of a host at which it knocked. */
  servicesOf(host: number, at: number, out: DoorCount): void {
    this.count(this.hosts, host, false, at, out);
  }

  /** Counts all its doors. */
  all(at: number, out: DoorCount): void {
    this.count(null, 0, true, at, out);
  }

  /** Hands over the hosts of `hostsOf`. */
  eachHost(service: number, take: (host: number) => unknown): void {
    for (let i = 0; i < this.size; i++)
      if (this.services[i] === service && this.forgiven[i] === 0) take(this.hosts[i]);
  }

  /** Hands over the services of `servicesOf`. */
  eachService(host: number, take: (service: number) => unknown): void {
    for (let i = 0; i < this.size; i++) if (this.hosts[i] === host) take(this.services[i]);
  }

  /** Hands over what `doorHash` makes of each door of `all`. */
  eachDoor(take: (door: number) => unknown): void {
    for (let i = 0; i < this.size; i++)
      if (this.forgiven[i] === 0) take(doorHash(this.hosts[i], this.services[i]));
  }

  private count(of: Int32Array | null, value: number, strict: boolean, at: number, out: DoorCount): void {
    const { weights, doors } = out;
    weights.fill(0);
    doors.fill(0);
    out.attempts = 0;
    out.since = at;
    out.lowestPort = 65_535;
    let [low, high] = [0, 0];
    for (let i = 0; i < this.size; i++) {
      if ((of !== null && of[i] !== value) || (strict && this.forgiven[i] === 1)) continue;
      const age = at - this.firstAt[i];
      for (let w = scanWindows.length - 1; w >= 0 && age <= scanWindows[w]; w--) {
        weights[w] += this.weights[i];
        doors[w]++;
      }
      if (age > scanWindows[scanWindows.length - 1]) continue;
      out.attempts += this.attempts[i];
      if (this.firstAt[i] < out.since) out.since = this.firstAt[i];
      if (this.services[i] >>> 8 < out.lowestPort) out.lowestPort = this.services[i] >>> 8;
      const bit = bitOf(this.networks[i]);
      if (bit < 32) low |= 1 << bit;
      else high |= 1 << (bit - 32);
    }
    out.atLeast = this.size === most;
    out.networks = distinctOf(low, high);
  }

  private find(host: number, service: number): number {
    for (let i = 0; i < this.size; i++) if (this.hosts[i] === host && this.services[i] === service) return i;
    return -1;
  }

  /** Of a new door: that of the oldest where all are taken. */
  private place(): number {
    if (this.size < most) {
      if (this.size === this.hosts.length) this.grow();
      return this.size++;
    }
    const oldest = this.next;
    this.next = (oldest + 1) % most;
    return oldest;
  }

  private grow(): void {
    const room = this.size * 4;
    this.hosts = grown(this.hosts, new Int32Array(room));
    this.networks = grown(this.networks, new Int32Array(room));
    this.services = grown(this.services, new Int32Array(room));
    this.firstAt = grown(this.firstAt, new Float64Array(room));
    this.lastAt = grown(this.lastAt, new Float64Array(room));
    this.attempts = grown(this.attempts, new Uint16Array(room));
    this.weights = grown(this.weights, new Float32Array(room));
    this.forgiven = grown(this.forgiven, new Uint8Array(room));
  }
}

function grown<T extends Int32Array | Float64Array | Float32Array | Uint16Array | Uint8Array>(
  old: T,
  room: T,
): T {
  room.set(old);
  return room;
}
