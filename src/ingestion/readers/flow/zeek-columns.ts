import { flowFields } from '../../../detector/flow/flow.js';

/** Where each field of a flow stands among the columns of a log, by Zeek's names with dots, hyphens or underscores. */
export class ZeekColumns {
  private readonly places: readonly number[];
  private readonly values: (string | undefined)[];

  constructor(readonly names: readonly string[]) {
    const canonical = names.map(canonicalName);
    this.places = flowFields.map((field) => canonical.indexOf(field));
    this.values = new Array<string | undefined>(flowFields.length);
  }

  /** Whether these are columns of connections. */
  get isConnections(): boolean {
    return ['id_orig_h', 'id_resp_h', 'proto'].every(
      (field) => this.places[flowFields.findIndex((known) => known === field)] >= 0,
    );
  }

  /** The values of `flowFields`, good until the next call. */
  pick(cells: readonly string[]): readonly (string | undefined)[] {
    const { places, values } = this;
    for (let i = 0; i < places.length; i++) values[i] = places[i] < 0 ? undefined : cells[places[i]];
    return values;
  }
}

export function canonicalName(name: string): string {
  return name.trim().replace(/[.-]/g, '_').toLowerCase();
}
