import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { RequestInvalidError, toError } from '../common/errors.js';
import type { Page } from '../common/page.dto.js';
import { Poller } from '../common/poller.js';
import { type WithId, withId } from '../common/with-id.js';
import type { CanonicalUrl } from '../detector/url/canonical-url.js';
import type { ListEntry, ListName, MatchKind } from './list-entry.schema.js';
import { ListMatcher } from './list-matcher.js';
import { listEntryId, readListValue } from './list-value.js';
import { ListEntryOpposedError, ListEntryUnknownError } from './lists.errors.js';
import { type ListFilter, ListsRepository } from './lists.repository.js';

/** A decision that someone asks for. */
export interface ListOrder {
  readonly list: ListName;
  readonly match: MatchKind;
  readonly value: string;
  readonly note?: string;
  readonly expiresAt?: Date;
  /** Whether an entry of the other list gives way. */
  readonly replace?: boolean;
}

/** Changes by other processes take effect within this time. */
const lookEveryMs = 1000;
/** A change may be written this long after its time by the database's clock. */
const overlapMs = 5000;

/** The allow and the deny list: kept in the database, held in memory by every process that scores. */
@Injectable()
export class ListsService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(ListsService.name);
  private readonly matcher = new ListMatcher();
  private seenUntil = new Date(0);
  private readonly poller = new Poller(
    () => this.look(),
    (error) => this.logger.debug(toError(error)),
  );

  constructor(private readonly repository: ListsRepository) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.refresh();
    this.poller.begin(lookEveryMs);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.poller.stop();
  }

  /** Whether there is no entry at all, so that nothing needs to be looked for. */
  get isEmpty(): boolean {
    return this.matcher.size === 0;
  }

  /** The entry that decides on an address; null where the models do. @param chain the address, then what it leads to */
  find(...chain: readonly CanonicalUrl[]): ListEntry | null {
    return this.matcher.find(chain, new Date());
  }

  /** @throws RequestInvalidError where the value is none of its kind, ListEntryOpposedError */
  async add(
    { list, match, value, note = '', expiresAt, replace = false }: ListOrder,
    author: string,
  ): Promise<WithId<ListEntry>> {
    const read = readListValue(match, value);
    if ('message' in read) throw new RequestInvalidError([{ path: 'value', message: read.message }]);
    const { entry, written } = await this.repository.put(
      {
        _id: listEntryId(match, read.value),
        list,
        match,
        value: read.value,
        note,
        author,
        createdAt: new Date(),
        expiresAt: expiresAt ?? null,
        removedAt: null,
        removedBy: null,
      },
      replace,
    );
    if (!written) throw new ListEntryOpposedError(entry);
    this.matcher.put(entry);
    return withId(entry);
  }

  /** @throws ListEntryUnknownError */
  async remove(id: string, actor: string): Promise<WithId<ListEntry>> {
    const entry = await this.repository.remove(id, actor);
    if (!entry) throw new ListEntryUnknownError(id);
    this.matcher.put(entry);
    return withId(entry);
  }

  async list(filter: ListFilter): Promise<Page<WithId<ListEntry>>> {
    const page = await this.repository.list(filter);
    return { ...page, items: page.items.map(withId) };
  }

  /** Takes in what has changed. While the database is away the lists stay as they are. */
  refresh(): Promise<void> {
    return this.poller.look();
  }

  private async look(): Promise<void> {
    const changed = await this.repository.changedSince(new Date(this.seenUntil.getTime() - overlapMs));
    for (const entry of changed) this.matcher.put(entry);
    const last = changed.at(-1);
    if (last && last.changedAt > this.seenUntil) this.seenUntil = last.changedAt;
  }
}
