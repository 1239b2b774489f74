import { readUrlItem, UrlItem } from '../../detector/url/url-item.js';
import type { HeldEntry } from '../../lists/held-entry.js';
import type { ListsService } from '../../lists/lists.service.js';
import type { Feedback, Prediction } from './prediction.schema.js';

/** Feedback shown of each entry, the newest first. */
const mostExamples = 3;

/** An address of which a person knows better than the entry that covers it. */
export interface ListConflictExample extends Feedback {
  readonly prediction: string;
  readonly url: string;
}

/** An entry that says otherwise than what became known of addresses that it covers. */
export interface ListConflict {
  readonly entry: HeldEntry;
  /** Predictions with feedback that speaks against the entry. */
  readonly against: number;
  /** Those with feedback that bears it out. */
  readonly bornOut: number;
  readonly examples: readonly ListConflictExample[];
}

/** A prediction of an address, and what became known of it. */
export type LabelledPrediction = Pick<Prediction, '_id' | 'values'> & { readonly feedback: Feedback };

/**
 * Holds what people said of scored addresses against the entries that cover them now: an allow entry over a confirmed
 * threat, a deny entry over what was found harmless.
 */
export class ListConflicts {
  private readonly found = new Map<
    string,
    { entry: HeldEntry; right: number; wrong: ListConflictExample[] }
  >();
  /** Predictions looked at. */
  examined = 0;

  constructor(private readonly lists: Pick<ListsService, 'find'>) {}

  add({ _id: prediction, values: [text], feedback }: LabelledPrediction): void {
    this.examined++;
    const item = readUrlItem(String(text));
    const entry = item instanceof UrlItem ? this.lists.find(...item.links.map(({ url }) => url)) : null;
    if (!entry) return;
    const tally = this.found.get(entry._id) ?? { entry, right: 0, wrong: [] };
    this.found.set(entry._id, tally);
    if (feedback.label === (entry.list === 'deny' ? 1 : 0)) tally.right++;
    else tally.wrong.push({ prediction, url: String(text), ...feedback });
  }

  /** The entry with most against it first. */
  report(): ListConflict[] {
    return [...this.found.values()]
      .filter(({ wrong }) => wrong.length > 0)
      .sort((a, b) => b.wrong.length - a.wrong.length || a.entry._id.localeCompare(b.entry._id))
      .map(({ entry, right, wrong }) => ({
        entry,
        against: wrong.length,
        bornOut: right,
        examples: wrong.sort((a, b) => b.at.getTime() - a.at.getTime()).slice(0, mostExamples),
      }));
  }
}
