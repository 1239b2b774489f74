import { Injectable } from '@nestjs/common';
import { addressFor } from '../../access/address-for.js';
import type { Caller } from '../../access/caller.js';
import { type WithId, withId } from '../../common/with-id.js';
import { ContractsService } from '../../detector/contracts.service.js';
import type { ListEntry } from '../../lists/list-entry.schema.js';
import { ListChangesService } from '../../lists/list-changes.service.js';
import { ListsService } from '../../lists/lists.service.js';
import { PredictionLog } from './predictions.repository.js';
import { type ListConflict, ListConflicts } from './list-conflicts.js';

/** A conflict as it is shown. */
export interface ShownConflict extends Omit<ListConflict, 'entry'> {
  readonly entry: WithId<ListEntry>;
}

export interface ListConflictsReport {
  readonly since: Date;
  /** Predictions of addresses with feedback in that time. */
  readonly examined: number;
  readonly conflicts: readonly ShownConflict[];
}

const dayMs = 86_400_000;
const usualDays = 90;

/** Finds list entries that people have found wrong. */
@Injectable()
export class ListConflictsService {
  constructor(
    private readonly contracts: ContractsService,
    private readonly lists: ListsService,
    private readonly changes: ListChangesService,
    private readonly log: PredictionLog,
  ) {}

  async report(
    reader: Pick<Caller, 'role'>,
    since = new Date(Date.now() - usualDays * dayMs),
  ): Promise<ListConflictsReport> {
    await this.lists.refresh();
    const conflicts = new ListConflicts(this.lists);
    const detectors = this.contracts.detectors.filter((name) => this.contracts.get(name).kind === 'url');
    for (const detector of detectors) {
      for await (const prediction of this.log.streamLabelled(detector, { since })) conflicts.add(prediction);
    }
    const found = conflicts.report();
    const stored = await this.changes.byId(found.map(({ entry }) => entry._id));
    const entries = new Map(stored.map((entry) => [entry._id, entry]));
    return {
      since,
      examined: conflicts.examined,
      conflicts: found.flatMap((conflict) => {
        const entry = entries.get(conflict.entry._id);
        return entry ? [shownTo(reader, conflict, entry)] : [];
      }),
    };
  }
}

function shownTo(reader: Pick<Caller, 'role'>, conflict: ListConflict, stored: ListEntry): ShownConflict {
  const examples = conflict.examples.map((example) => ({
    ...example,
    url: addressFor(reader, example.url),
  }));
  const entry = withId(stored);
  return { ...conflict, entry: { ...entry, value: addressFor(reader, entry.value) }, examples };
}
