import type { Flow } from './flow.js';
import type { Key } from './flow-hash.js';
import type { FindingKind } from './host-finding.js';
import { HostTally } from './host-tally.js';
import { SlotCache } from './slot-cache.js';

/** So many tallies of one kind as there are places: the ones asked for lately. */
export class TallyCache {
  private readonly slots: SlotCache;
  private readonly tallies: (HostTally | undefined)[] = [];

  /** @param seconds after which a flow no longer belongs to a tally */
  constructor(
    private readonly kind: FindingKind,
    capacity: number,
    private readonly seconds: number,
  ) {
    this.slots = new SlotCache(capacity);
  }

  /** The tally of a key, a new one where it has none or the one that it has is over. */
  claim({ high, low }: Key, flow: Flow, at: number): HostTally {
    const slot = this.slots.claim(high, low);
    const known = this.slots.wasNew ? undefined : this.tallies[slot];
    if (known && !known.isOver(at, this.seconds)) return known;
    return (this.tallies[slot] = new HostTally(this.kind, flow));
  }

  /** Notes a flow that speaks against the tally of a key, if it has one. */
  speakAgainst({ high, low }: Key): void {
    const slot = this.slots.find(high, low);
    if (slot >= 0) this.tallies[slot]?.addAgainst();
  }
}
