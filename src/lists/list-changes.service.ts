import { Injectable } from '@nestjs/common';
import { type InputFault, RequestInvalidError, toError } from '../common/errors.js';
import type { Page } from '../common/page.dto.js';
import { type WithId, withId } from '../common/with-id.js';
import type { ListEntry, ListName, MatchKind } from './list-entry.schema.js';
import { type ListOrder, type OrderedEntry, readCovered, readOrder } from './list-order.js';
import { listEntryId } from './list-value.js';
import {
  ListEntryOpposedError,
  ListEntryUnknownError,
  ListsFullError,
  ListsHalfWrittenError,
  opposed,
} from './lists.errors.js';
import { type ListFilter, ListsRepository, type NewEntry } from './lists.repository.js';
import { ListsService } from './lists.service.js';

/** What becomes of one line of a file, or of one value of several. */
export interface PlacedOrder {
  /** Counted from 1. */
  readonly line: number;
  readonly text: string;
  /** What it asks for; else why it stands for nothing, or what is wrong with it. */
  readonly order: ListOrder | { readonly leftOut: string } | { readonly message: string };
}

/** What a line comes to. */
export interface ReadPlaced {
  readonly line: number;
  readonly text: string;
  readonly entries: readonly OrderedEntry[];
  /** Why it stands for nothing; null where it stands for something. */
  readonly leftOut: string | null;
  /** What is wrong with it; null where nothing is. */
  readonly fault: string | null;
}

export interface ManyOptions {
  /** Whether an entry of the other list gives way. */
  readonly replace?: boolean;
  /** Whether lines without a fault are stored beside others that have one. */
  readonly skipFaults?: boolean;
  /** Whether nothing is stored, only said. */
  readonly dryRun?: boolean;
  readonly onProgress?: (entries: number) => void;
}

export interface ManyReport {
  readonly dryRun: boolean;
  readonly lines: number;
  /** That were not on the list as they are now. */
  readonly stored: number;
  /** That were on it already, or come twice. */
  readonly known: number;
  /** Lines that stand for nothing. */
  readonly leftOut: number;
  readonly faulty: number;
  /** The first of them. */
  readonly faults: readonly InputFault[];
  /** What each line comes to; of a dry run alone. */
  readonly becomes?: readonly ReadPlaced[];
}

/** Entries to be taken off their lists: by id, or by what they cover. */
export interface RemovalOrder {
  readonly ids?: readonly string[];
  readonly values?: readonly string[];
  /** Only of this list; of values, `suppress` and `brand` have to be named. */
  readonly list?: ListName;
  /** What the values are; read from each when absent. */
  readonly match?: MatchKind;
}

export interface RemovalReport {
  readonly removed: number;
  /** Ids and values for which nothing is on a list. */
  readonly unknown: readonly string[];
}

/** Entries that are held in memory by every process, at some 150 bytes each. */
export const mostEntries = 1_000_000;
const entriesAWrite = 1000;
const faultsShown = 100;

/** Changes the lists. What it returns is in force in this process, and in the others within two seconds. */
@Injectable()
export class ListChangesService {
  constructor(
    private readonly repository: ListsRepository,
    private readonly lists: ListsService,
  ) {}

  /** @throws RequestInvalidError where the value is none of its kind, ListEntryOpposedError, ListsFullError */
  async add(order: ListOrder, author: string): Promise<WithId<ListEntry>> {
    const read = readOrder(order);
    if ('fault' in read) throw new RequestInvalidError([read.fault]);
    if ('leftOut' in read) throw invalid(`is ${read.leftOut}`);
    const [entry, ...more] = read.entries;
    if (entry.list !== order.list) throw invalid(`is an exception; it belongs on the list ${entry.list}`);
    if (more.length > 0) {
      const values = read.entries.map(({ value }) => value).join(', ');
      throw invalid(`takes ${read.entries.length} entries (${values}); add them as several values`);
    }
    await this.checkRoom(1);
    const { entry: stored, written } = await this.repository.put(
      madeBy(author)(entry),
      order.replace ?? false,
    );
    if (!written) throw new ListEntryOpposedError(stored);
    await this.lists.refresh();
    return withId(stored);
  }

  /**
   * Adds many at once: all of them, or with `skipFaults` those without a fault.
   * @throws RequestInvalidError naming the faulty lines; nothing is stored then. ListsFullError, and
   *   ListsHalfWrittenError where the database went away in between.
   */
  async addMany(
    placed: Iterable<PlacedOrder>,
    author: string,
    { replace = false, skipFaults = false, dryRun = false, onProgress }: ManyOptions = {},
  ): Promise<ManyReport> {
    const lines = [...placed].map(readPlaced);
    const plan = await this.plan(lines, replace);
    const faults = plan.lines.flatMap(({ line, fault }) =>
      fault === null ? [] : [{ line, message: fault }],
    );
    const report = {
      dryRun,
      lines: lines.length,
      stored: plan.fresh.length,
      known: plan.known,
      leftOut: plan.lines.filter(({ leftOut }) => leftOut !== null).length,
      faulty: faults.length,
      faults: faults.slice(0, faultsShown),
    };
    if (dryRun) return { ...report, becomes: plan.lines };
    if (faults.length > 0 && !skipFaults) {
      throw new RequestInvalidError(
        faults,
        'Nothing is stored: some lines are no entries. Mend them, or have the faulty lines skipped.',
      );
    }
    await this.checkRoom(plan.fresh.length);
    const refused = await this.write(plan.fresh.map(madeBy(author)), replace, onProgress);
    await this.lists.refresh();
    return { ...report, stored: report.stored - refused.length, faults: [...report.faults, ...refused] };
  }

  /** @throws ListEntryUnknownError */
  async remove(id: string, actor: string): Promise<WithId<ListEntry>> {
    const entry = await this.repository.remove(id, actor);
    if (!entry) throw new ListEntryUnknownError(id);
    await this.lists.refresh();
    return withId(entry);
  }

  /** Takes entries off their lists. */
  async removeMany(
    { ids = [], values = [], list, match }: RemovalOrder,
    actor: string,
  ): Promise<RemovalReport> {
    const named = new Map<string, string>(ids.map((id) => [id, id]));
    const unknown: string[] = [];
    for (const value of values) {
      const read = readCovered({ value, ...(list && { list }), ...(match && { match }) });
      if (!('covers' in read)) unknown.push(value);
      else
        for (const { match, value: covered } of read.covers) {
          named.set(listEntryId({ list: list ?? 'deny', match, value: covered, finding: null }), value);
        }
    }
    let removed = 0;
    for (const some of inParts([...named.keys()])) {
      const live = (await this.repository.known(some))
        .filter((entry) => !entry.removedAt && (list === undefined || entry.list === list))
        .map(({ _id }) => _id);
      const found = new Set(live);
      unknown.push(...some.filter((id) => !found.has(id)).map((id) => named.get(id)!));
      removed += await this.repository.removeMany(live, actor);
    }
    await this.lists.refresh();
    return { removed, unknown: [...new Set(unknown)] };
  }

  /** Entries as they are stored, those that were taken off their lists included. */
  byId(ids: readonly string[]): Promise<ListEntry[]> {
    return this.repository.known(ids);
  }

  /** All entries of a list, or of all lists, oldest first. */
  all(list?: ListName): AsyncIterable<ListEntry> {
    return this.repository.all(list);
  }

  async list(filter: ListFilter): Promise<Page<WithId<ListEntry>>> {
    const page = await this.repository.list(filter);
    return { ...page, items: page.items.map(withId) };
  }

  /** What lines come to beside what is on the lists already. */
  private async plan(
    lines: readonly ReadPlaced[],
    replace: boolean,
  ): Promise<{ lines: ReadPlaced[]; fresh: OrderedEntry[]; known: number }> {
    const now = new Date();
    const stored = await this.stored(lines);
    const taken = new Map<string, OrderedEntry>();
    const fresh: OrderedEntry[] = [];
    let known = 0;
    const planned = lines.map((line) => {
      const rivals = line.entries.map(({ _id, list }) => {
        const other = taken.get(_id) ?? (replace ? undefined : stored.get(_id));
        return other && other.list !== list && isLive(other, now) ? other : undefined;
      });
      const rival = rivals.find((other) => other !== undefined);
      if (rival) return { ...line, fault: opposed(rival) };
      for (const entry of line.entries) {
        const before = taken.get(entry._id) ?? stored.get(entry._id);
        taken.set(entry._id, entry);
        if (before && isSame(before, entry)) known++;
        else fresh.push(entry);
      }
      return line;
    });
    return { lines: planned, fresh, known };
  }

  private async stored(
    lines: readonly ReadPlaced[],
  ): Promise<Map<string, OrderedEntry & { removedAt?: Date | null }>> {
    const found = new Map<string, ListEntry>();
    const ids = lines.flatMap(({ entries }) => entries.map(({ _id }) => _id));
    for (const some of inParts(ids)) {
      for (const entry of await this.repository.known(some)) {
        if (!entry.removedAt) found.set(entry._id, entry);
      }
    }
    return found;
  }

  /** @returns the faults of entries that others have put on the other list meanwhile */
  private async write(
    entries: readonly NewEntry[],
    replace: boolean,
    onProgress?: (entries: number) => void,
  ): Promise<InputFault[]> {
    const refused: InputFault[] = [];
    let written = 0;
    for (const some of inParts(entries)) {
      try {
        const ids = await this.repository.putMany(some, replace);
        for (const { value } of some.filter(({ _id }) => ids.includes(_id))) {
          refused.push({ message: `${value} was put on another list meanwhile` });
        }
      } catch (error) {
        throw new ListsHalfWrittenError(written, entries.length, toError(error));
      }
      onProgress?.((written += some.length));
    }
    return refused;
  }

  /** @throws ListsFullError */
  private async checkRoom(more: number): Promise<void> {
    const held = await this.repository.count();
    if (held + more > mostEntries) throw new ListsFullError(held, more, mostEntries);
  }
}

function readPlaced({ line, text, order }: PlacedOrder): ReadPlaced {
  const nothing = { line, text, entries: [], leftOut: null, fault: null };
  if ('message' in order) return { ...nothing, fault: order.message };
  const read = 'leftOut' in order ? order : readOrder(order);
  if ('leftOut' in read) return { ...nothing, leftOut: read.leftOut };
  if ('entries' in read) return { ...nothing, entries: read.entries };
  const { path, message } = read.fault;
  return { ...nothing, fault: path === 'value' ? message : `${path} ${message}` };
}

function madeBy(author: string): (entry: OrderedEntry) => NewEntry {
  const createdAt = new Date();
  return (entry) => ({ ...entry, author, createdAt, removedAt: null, removedBy: null });
}

function isLive({ expiresAt }: OrderedEntry, now: Date): boolean {
  return expiresAt === null || expiresAt > now;
}

function isSame(a: OrderedEntry, b: OrderedEntry): boolean {
  return (
    a.list === b.list &&
    a.note === b.note &&
    a.anyOrder === b.anyOrder &&
    a.expiresAt?.getTime() === b.expiresAt?.getTime() &&
    a.domains.join() === b.domains.join()
  );
}

function* inParts<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let i = 0; i < items.length; i += entriesAWrite) yield items.slice(i, i + entriesAWrite);
}

function invalid(message: string): RequestInvalidError {
  return new RequestInvalidError([{ path: 'value', message }]);
}
