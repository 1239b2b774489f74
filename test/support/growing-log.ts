import { appendFileSync, copyFileSync, existsSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Files are told apart by when they were written last; of what is written within a tick of the system's clock it is the same. */
const tickMs = 20;

/** A log of Suricata that a test writes. Each flow has a number, `flow_id`, which becomes its uid. */
export class GrowingLog {
  /** Flows written so far. */
  flows = 0;
  private rotations = 0;

  constructor(readonly path: string) {
    writeFileSync(path, '');
  }

  /** The uids of all flows written. */
  get uids(): string[] {
    return Array.from({ length: this.flows }, (_, i) => String(i + 1));
  }

  write(count: number): void {
    const lines = Array.from({ length: count }, () => flowEvent(++this.flows));
    appendFileSync(this.path, lines.join(''));
  }

  /** Writes one flow in two halves, with `between` in the middle. */
  async writeInHalves(between: () => Promise<unknown>): Promise<void> {
    const line = flowEvent(++this.flows);
    appendFileSync(this.path, line.slice(0, 100));
    await between();
    appendFileSync(this.path, line.slice(100));
  }

  /** As logrotate does by default. */
  async rename(): Promise<void> {
    await sleep(tickMs);
    renameSync(this.path, this.nextName());
    writeFileSync(this.path, '');
  }

  /** As logrotate does with `copytruncate`. */
  async truncate(): Promise<void> {
    await sleep(tickMs);
    copyFileSync(this.path, this.nextName());
    truncateSync(this.path);
  }

  private nextName(): string {
    do this.rotations++;
    while (existsSync(`${this.path}-${20260300 + this.rotations}`));
    return `${this.path}-${20260300 + this.rotations}`;
  }
}

function flowEvent(id: number): string {
  const start = new Date(Date.UTC(2026, 2, 1) + id * 100);
  const end = new Date(start.getTime() + 50);
  return `${JSON.stringify({
    timestamp: end.toISOString().replace('Z', '+0000'),
    flow_id: id,
    event_type: 'flow',
    src_ip: `10.0.0.${(id % 50) + 1}`,
    src_port: 40_000 + (id % 20_000),
    dest_ip: '203.0.113.9',
    dest_port: 443,
    proto: 'TCP',
    app_proto: 'tls',
    flow: {
      pkts_toserver: 8,
      pkts_toclient: 9,
      bytes_toserver: 900 + (id % 100),
      bytes_toclient: 4000,
      start: start.toISOString().replace('Z', '+0000'),
      end: end.toISOString().replace('Z', '+0000'),
      age: 0,
      state: 'closed',
    },
  })}\n`;
}
