// Taken out once: in a VM context, as tests run in, looking up a global costs more than the call itself.
const { abs } = Math;

/** Of one flow, what the history of its source keeps. */
export interface SourceEntry {
  /** Seconds, when it was over. */
  at: number;
  /** Hashes of the host at the other end, and of the service. */
  host: number;
  service: number;
  port: number;
  failed: boolean;
  sent: number;
  received: number;
}

/** What a source did within a window, compared with its flow at hand, which is included. */
export interface SourceBehaviour {
  flows: number;
  /** Distinct hosts and ports at the other end. */
  hosts: number;
  ports: number;
  failed: number;
  /** To the port, the service and the host of the flow at hand. */
  samePort: number;
  sameService: number;
  sameHost: number;
  /** Distinct hosts with the port, and distinct ports of the host, of the flow at hand. */
  hostsOfPort: number;
  portsOfHost: number;
  sent: number;
  received: number;
}

export function emptyBehaviour(): SourceBehaviour {
  return {
    flows: 0,
    hosts: 0,
    ports: 0,
    failed: 0,
    samePort: 0,
    sameService: 0,
    sameHost: 0,
    hostsOfPort: 0,
    portsOfHost: 0,
    sent: 0,
    received: 0,
  };
}

/** What each entry still is of its source: the latest with its host, its port, and both together. */
const [ofHost, ofPort, ofBoth] = [1, 2, 4];

/**
 * The last flows of each source, in rings of equal length, a source a slot.
 *
 * Distinct values are counted without sets: each entry knows whether it is the latest with its host and with its port,
 * so that a window holds as many distinct hosts as entries that are the latest with theirs.
 */
export class SourceHistory {
  private readonly next: Uint16Array;
  private readonly filled: Uint16Array;
  private readonly at: Float64Array;
  private readonly host: Int32Array;
  private readonly service: Int32Array;
  private readonly port: Int32Array;
  private readonly failed: Uint8Array;
  private readonly latest: Uint8Array;
  private readonly sent: Float64Array;
  private readonly received: Float64Array;

  constructor(
    slots: number,
    private readonly length: number,
  ) {
    const entries = slots * length;
    this.next = new Uint16Array(slots);
    this.filled = new Uint16Array(slots);
    this.at = new Float64Array(entries);
    this.host = new Int32Array(entries);
    this.service = new Int32Array(entries);
    this.port = new Int32Array(entries);
    this.failed = new Uint8Array(entries);
    this.latest = new Uint8Array(entries);
    this.sent = new Float64Array(entries);
    this.received = new Float64Array(entries);
  }

  forget(slot: number): void {
    this.next[slot] = 0;
    this.filled[slot] = 0;
  }

  /** Takes in a flow, in place of the source's oldest where its ring is full. */
  add(slot: number, entry: SourceEntry): void {
    this.outdate(slot, entry);
    const i = slot * this.length + this.next[slot];
    this.next[slot] = (this.next[slot] + 1) % this.length;
    if (this.filled[slot] < this.length) this.filled[slot]++;
    this.at[i] = entry.at;
    this.host[i] = entry.host;
    this.service[i] = entry.service;
    this.port[i] = entry.port;
    this.failed[i] = entry.failed ? 1 : 0;
    this.latest[i] = ofHost | ofPort | ofBoth;
    this.sent[i] = entry.sent;
    this.received[i] = entry.received;
  }

  /** Sums up the source's flows within `seconds` of `entry`, the last that was added. */
  read(slot: number, entry: SourceEntry, seconds: number, out: SourceBehaviour): void {
    const { at, host, port, latest } = this;
    clear(out);
    const base = slot * this.length;
    const end = base + this.filled[slot];
    for (let i = base; i < end; i++) {
      if (abs(entry.at - at[i]) > seconds) continue;
      const marks = latest[i];
      out.flows++;
      out.hosts += marks & ofHost;
      out.ports += (marks & ofPort) >> 1;
      out.failed += this.failed[i];
      out.sent += this.sent[i];
      out.received += this.received[i];
      if (this.service[i] === entry.service) out.sameService++;
      if (port[i] === entry.port) {
        out.samePort++;
        out.hostsOfPort += marks >> 2;
      }
      if (host[i] === entry.host) {
        out.sameHost++;
        out.portsOfHost += marks >> 2;
      }
    }
  }

  /** Takes from the entries what `entry` is about to be. */
  private outdate(slot: number, entry: SourceEntry): void {
    const { host, port, latest } = this;
    const base = slot * this.length;
    const end = base + this.filled[slot];
    for (let i = base; i < end; i++) {
      const lost = (host[i] === entry.host ? ofHost : 0) | (port[i] === entry.port ? ofPort : 0);
      if (lost !== 0) latest[i] &= ~(lost === (ofHost | ofPort) ? lost | ofBoth : lost);
    }
  }
}

function clear(out: SourceBehaviour): void {
  out.flows = out.hosts = out.ports = out.failed = 0;
  out.samePort = out.sameService = out.sameHost = out.hostsOfPort = out.portsOfHost = 0;
  out.sent = out.received = 0;
}
