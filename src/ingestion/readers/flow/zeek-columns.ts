import { flowFields } from '../../../detector/flow/flow.js';

/**
 * What other logs of a sensor (dns, syslog, notice, dpd, intel, signatures) have beside the addresses and the protocol of
 * a connection, by canonical names.
 */
const foreign = new Set([
  ...['trans_id', 'query', 'qtype', 'analyzer', 'failure_reason', 'note', 'facility', 'sig_id'],
  ...['signature_id', 'event_msg', 'indicator', 'seen_indicator', 'host_p', 'assigned_addr'],
]);

/** Where each field of a flow stands among the columns of a log, by Zeek's names with dots, hyphens or underscores. */
export class ZeekColumns {
  private readonly canonical: readonly string[];
  private readonly places: readonly number[];
  private readonly values: (string | undefined)[];

  constructor(readonly names: readonly string[]) {
    this.canonical = names.map(canonicalName);
    this.places = flowFields.map((field) => this.canonical.indexOf(field));
    this.values = new Array<string | undefined>(flowFields.length);
  }

  /** Whether these are columns of connections. */
  get isConnections(): boolean {
    return (
      ['id_orig_h', 'id_resp_h', 'proto'].every((name) => this.canonical.includes(name)) &&
      !this.canonical.some((name) => foreign.has(name))
    );
  }

  /** The values of `flowFields`, good until the next call. */
  pick(cells: readonly string[]): readonly (string | undefined)[] {
    const { places, values } = this;
    for (let i = 0; i < places.length; i++) values[i] = places[i] < 0 ? undefined : cells[places[i]];
    return values;
  }

  /** The row by canonical names. */
  record(cells: readonly string[]): Record<string, string> {
    return Object.fromEntries(this.canonical.map((name, i) => [name, cells[i]]));
  }
}

export function isForeign(name: string): boolean {
  return foreign.has(name);
}

/** The one spelling that Zeek has for two: its labelled logs write `detailedlabel`. */
export function canonicalName(name: string): string {
  const canonical = name.trim().replace(/[.-]/g, '_').toLowerCase();
  return canonical === 'detailedlabel' ? 'detailed_label' : canonical;
}
