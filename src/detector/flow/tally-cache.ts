import type { Key } from './flow-hash.js';
import type { HostTally } from './host-tally.js';
import { SlotCache } from './slot-cache.js';

/** So many tallies as there are places: the ones asked for lately. */
export class TallyCache {
  private readonly slots: SlotCache;
  private readonly tallies: (HostTally | undefined)[] = [];

  constructor(capacity: number) {
    this.slots = new SlotCache(capacity);
  }

  /** The tally of a key, unless it is over. @param idle seconds without a flow after which it is */
  find({ high, low }: Key, at: number, idle: number): HostTally | null {
    const slot = this.slots.find(high, low);
    const known = slot < 0 ? undefined : this.tallies[slot];
    return known && at - known.lastAt <= idle ? known : null;
  }

  /** The tally of a key, a new one where it has none or the one that it has is over. */
  claim({ high, low }: Key, at: number, idle: number, make: () => HostTally): HostTally {
    const slot = this.slots.claim(high, low);
    const known = this.slots.wasNew ? undefined : this.tallies[slot];
    if (known && at - known.lastAt <= idle) return known;
    // What is no finding is of no more use.
    const former = this.tallies[slot];
    if (former && !former.isReported) former.end();
    return (this.tallies[slot] = make());
  }
}
