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
  /** To the service of the flow at hand. */
  sameService: number;
  /** Distinct hosts with the port, and distinct ports of the host, of the flow at hand. */
  hostsOfPort: number;
  portsOfHost: number;
  sent: number;
  received: number;
}

/** How far back and ahead a window goes, and what was seen in it. */
export interface SourceWindow {
  readonly seconds: number;
  readonly behaviour: SourceBehaviour;
}

export function emptyBehaviour(): SourceBehaviour {
  return {
    flows: 0,
    hosts: 0,
    ports: 0,
    failed: 0,
    sameService: 0,
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

  /**
   * Takes in a flow, in place of the source's oldest where its ring is full, and sums up the source's flows within each
   * of the windows around it, itself included.
   */
  observe(slot: number, entry: SourceEntry, short: SourceWindow, long: SourceWindow): void {
    const { at, host, port, latest } = this;
    clear(short.behaviour);
    clear(long.behaviour);
    const base = slot * this.length;
    const place = base + this.next[slot];
    const end = base + this.filled[slot];
    for (let i = base; i < end; i++) {
      if (i === place) continue;
      const sameHost = host[i] === entry.host;
      const samePort = port[i] === entry.port;
      if (sameHost) latest[i] &= samePort ? 0 : ~ofHost;
      else if (samePort) latest[i] &= ~ofPort;
      const age = abs(entry.at - at[i]);
      if (age <= short.seconds) this.count(i, entry, short.behaviour);
      else if (age <= long.seconds) this.count(i, entry, long.behaviour);
    }
    this.write(place, entry);
    this.next[slot] = (this.next[slot] + 1) % this.length;
    if (this.filled[slot] < this.length) this.filled[slot]++;
    this.count(place, entry, short.behaviour);
    include(long.behaviour, short.behaviour);
  }

  private write(i: number, entry: SourceEntry): void {
    this.at[i] = entry.at;
    this.host[i] = entry.host;
    this.service[i] = entry.service;
    this.port[i] = entry.port;
    this.failed[i] = entry.failed ? 1 : 0;
    this.latest[i] = ofHost | ofPort | ofBoth;
    this.sent[i] = entry.sent;
    this.received[i] = entry.received;
  }

  private count(i: number, entry: SourceEntry, out: SourceBehaviour): void {
    const marks = this.latest[i];
    out.flows++;
    out.hosts += marks & ofHost;
    out.ports += (marks & ofPort) >> 1;
    out.failed += this.failed[i];
    out.sent += this.sent[i];
    out.received += this.received[i];
    if (this.service[i] === entry.service) out.sameService++;
    if (this.port[i] === entry.port) out.hostsOfPort += marks >> 2;
    if (this.host[i] === entry.host) out.portsOfHost += marks >> 2;
  }
}

/** What is in the short window is in the long one as well. */
function include(long: SourceBehaviour, short: SourceBehaviour): void {
  long.flows += short.flows;
  long.hosts += short.hosts;
  long.ports += short.ports;
  long.failed += short.failed;
  long.sameService += short.sameService;
  long.hostsOfPort += short.hostsOfPort;
  long.portsOfHost += short.portsOfHost;
  long.sent += short.sent;
  long.received += short.received;
}

function clear(out: SourceBehaviour): void {
  out.flows = out.hosts = out.ports = out.failed = 0;
  out.sameService = out.hostsOfPort = out.portsOfHost = 0;
  out.sent = out.received = 0;
}
