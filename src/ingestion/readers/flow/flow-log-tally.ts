import type { FaultItem, FlowLogFaultCode, FlowLogItem } from './flow-item.js';

/** A line of which something was not taken as it stands. */
export interface MendedLine {
  readonly line: number;
  /** What, for a person. */
  readonly text: string;
}

/** Faults, mended lines and kinds of events that are kept one by one; all are counted. */
const faultsKept = 100;
const mendedKept = 100;
const eventsKept = 50;

/** The account of a log: every line that is not blank is in exactly one of the counts. */
export class FlowLogTally {
  readonly counts: Record<FlowLogItem['kind'], number> = { flow: 0, url: 0, alert: 0, other: 0, fault: 0 };
  /** The first of the faults. */
  readonly faults: FaultItem[] = [];
  readonly faultsByCode: Partial<Record<FlowLogFaultCode, number>> = {};
  /** Flows of which something was not taken as it stands. */
  mendedCount = 0;
  /** The first of them. */
  readonly mended: MendedLine[] = [];
  /** Events of other kinds by name; what is not among the first names is counted as `…`. */
  readonly events = new Map<string, number>();

  /** All items. */
  get lines(): number {
    const { flow, url, alert, other, fault } = this.counts;
    return flow + url + alert + other + fault;
  }

  add(item: FlowLogItem): void {
    this.counts[item.kind]++;
    if (item.kind === 'other') this.countEvent(item.event);
    else if (item.kind === 'fault') this.countFault(item);
    else if (item.kind === 'flow' && item.mended) this.countMended(item.line, item.mended);
  }

  private countEvent(event: string): void {
    const name = this.events.size < eventsKept || this.events.has(event) ? event.slice(0, 60) : '…';
    this.events.set(name, (this.events.get(name) ?? 0) + 1);
  }

  private countFault(item: FaultItem): void {
    this.faultsByCode[item.code] = (this.faultsByCode[item.code] ?? 0) + 1;
    if (this.faults.length < faultsKept) this.faults.push(item);
  }

  private countMended(line: number, sentences: readonly string[]): void {
    this.mendedCount++;
    if (this.mended.length < mendedKept) this.mended.push({ line, text: sentences.join('; ') });
  }
}
