import type { ListEntry, ListName, MatchKind } from './list-entry.schema.js';
import { listEntryId } from './list-value.js';

/** What matching and verdicts need of an entry that is on its list. */
export type HeldEntry = Omit<ListEntry, 'changedAt' | 'removedAt' | 'removedBy'>;

/** What entries that were put on a list together have in common. */
type Decision = Pick<ListEntry, 'list' | 'anyOrder' | 'finding' | 'domains' | 'note' | 'author'> & {
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** The same; Infinity for never. */
  readonly expiresAt: number;
};

/** Decisions that are looked among; entries of a file have one together. */
const mostShared = 4096;
const shared = new Map<string, Decision>();
let latest: Decision | null = null;

/**
 * An entry as it is held in memory, some 150 bytes with its place in the index: a million of them have to fit. It does
 * not change; several that cover the same are a chain.
 */
export class Held {
  /** Worked out when it is first wanted: few of a million entries ever decide. */
  private id: string | undefined;

  private constructor(
    private readonly match: MatchKind,
    private readonly value: string,
    private readonly decision: Decision,
    readonly next: Held | null,
  ) {}

  static of({ match, value, createdAt, expiresAt, ...rest }: ListEntry, next: Held | null): Held {
    const { list, anyOrder, finding, domains, note, author } = rest;
    const decision = {
      ...{ list, anyOrder, finding, domains, note, author },
      createdAt: createdAt.getTime(),
      expiresAt: expiresAt?.getTime() ?? Infinity,
    };
    return new Held(match, value, sharedDecision(decision), next);
  }

  get list(): ListName {
    return this.decision.list;
  }

  get isAddress(): boolean {
    return this.match === 'url';
  }

  get hasAnyOrder(): boolean {
    return this.decision.anyOrder;
  }

  /** The kind of finding that it is about; null for all that its hosts do. */
  get finding(): string | null {
    return this.decision.finding;
  }

  isLive(now: number): boolean {
    return this.decision.expiresAt > now;
  }

  isOf({ match, value, list, finding = null }: Covering): boolean {
    const { decision } = this;
    const isSameList = (decision.list === 'suppress') === (list === 'suppress');
    return this.match === match && this.value === value && decision.finding === finding && isSameList;
  }

  /** The chain without an entry. */
  without(entry: Covering): Held | null {
    if (this.isOf(entry)) return this.next;
    const rest = this.next?.without(entry) ?? null;
    return rest === this.next ? this : new Held(this.match, this.value, this.decision, rest);
  }

  entry(): HeldEntry {
    const { match, value, decision } = this;
    const { createdAt, expiresAt, ...rest } = decision;
    return {
      _id: (this.id ??= listEntryId({ match, value, ...rest })),
      match,
      value,
      ...rest,
      createdAt: new Date(createdAt),
      expiresAt: expiresAt === Infinity ? null : new Date(expiresAt),
    };
  }
}

/** One object for all that are the same; mostly the one before, for the entries of a file come together. */
function sharedDecision(decision: Decision): Decision {
  if (latest !== null && isSame(latest, decision)) return latest;
  const key = JSON.stringify(Object.values(decision));
  latest = shared.get(key) ?? decision;
  if (shared.size >= mostShared) shared.clear();
  shared.set(key, latest);
  return latest;
}

function isSame(a: Decision, b: Decision): boolean {
  return (
    a.list === b.list &&
    a.note === b.note &&
    a.author === b.author &&
    a.createdAt === b.createdAt &&
    a.expiresAt === b.expiresAt &&
    a.anyOrder === b.anyOrder &&
    a.finding === b.finding &&
    a.domains.length === 0 &&
    b.domains.length === 0
  );
}

type Covering = Pick<ListEntry, 'list' | 'match' | 'value'> & { readonly finding?: string | null };

/** Chains of entries by what they cover. */
export class HeldChains<K> {
  private readonly chains = new Map<K, Held>();

  get isEmpty(): boolean {
    return this.chains.size === 0;
  }

  get(key: K): Held | undefined {
    return this.chains.get(key);
  }

  put(key: K, entry: ListEntry): void {
    this.remove(key, entry);
    this.chains.set(key, Held.of(entry, this.chains.get(key) ?? null));
  }

  /** Whether it was there. */
  remove(key: K, entry: Covering): boolean {
    const chain = this.chains.get(key);
    const rest = chain?.without(entry);
    if (!chain || rest === chain) return false;
    if (rest) this.chains.set(key, rest);
    else this.chains.delete(key);
    return true;
  }
}

/** Which of the entries of a chain counts: of several the one that denies. */
export function counting(
  chain: Held | null | undefined,
  now: number,
  isMeant: (held: Held) => boolean,
): Held | null {
  let found: Held | null = null;
  for (let held = chain ?? null; held; held = held.next) {
    if (held.isLive(now) && isMeant(held) && (!found || held.list === 'deny')) found = held;
  }
  return found;
}
