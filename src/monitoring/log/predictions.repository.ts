import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { type Model, mongo } from 'mongoose';
import type { ServedBy } from '../../prediction/verdict.js';
import type { VerdictName } from '../../registry/bundle/scoring-model.js';
import { type Feedback, Prediction } from './prediction.schema.js';

/** A stretch of time: from `since` until just before `until`, or until now. */
export interface Window {
  readonly since: Date;
  readonly until?: Date;
}

/** What to count of a window. */
export interface TallyFilter extends Window {
  /** Only what this version scored. */
  readonly version?: number;
  /** Only what has feedback. */
  readonly labelled?: boolean;
}

/** How long the database may look; it gives up afterwards. */
export interface Patience {
  readonly maxTimeMS?: number;
}

/** How many predictions of a window are alike in all that is counted of them. */
export interface Tally {
  readonly version: number;
  readonly servedBy: ServedBy;
  readonly verdict: VerdictName;
  /** What the version said by itself. */
  readonly modelVerdict: VerdictName;
  /** Of the feedback; null without. */
  readonly label: 0 | 1 | null;
  /** Null where no challenger scored in the shadow. */
  readonly shadow: { readonly version: number; readonly verdict: VerdictName } | null;
  readonly count: number;
  /** Sum of the probabilities. */
  readonly probability: number;
  /** When the first and the last of them were scored. */
  readonly first: Date;
  readonly last: Date;
}

/** A tally as the database groups it; what a prediction does not have is null, or left out by some servers. */
interface Group {
  readonly _id: Pick<Tally, 'version' | 'servedBy' | 'verdict'> & {
    readonly modelVerdict?: VerdictName | null;
    readonly label?: 0 | 1 | null;
    readonly shadowVersion?: number | null;
    readonly shadowVerdict?: VerdictName | null;
  };
  readonly count: number;
  readonly probability: number;
  readonly first: Date;
  readonly last: Date;
}

/** Some servers read all of a window before they sort it, so the latest are looked for in ever longer ones. */
const windowsMs = [3_600_000, 86_400_000, 30 * 86_400_000, Infinity];

/** Feedback that was replaced, kept on a prediction. */
const mostEarlierFeedback = 20;

/** The stored predictions. It writes through the driver directly: casting rows would cost more than storing them. */
@Injectable()
export class PredictionLog {
  constructor(@InjectModel(Prediction.name) private readonly predictions: Model<Prediction>) {}

  /**
   * Stores what is new; a batch may be sent again after a failure.
   * @returns how many the database refuses for what they are, so that sending them again is of no use
   */
  async append(batch: readonly Prediction[]): Promise<number> {
    if (batch.length === 0) return 0;
    try {
      await this.collection.insertMany([...batch], { ordered: false });
      return 0;
    } catch (error) {
      if (!(error instanceof mongo.MongoBulkWriteError)) throw error;
      const refusals = [error.writeErrors].flat();
      // A write that lost its connection half-way says so without a refusal.
      if (refusals.length === 0) throw error;
      return refusals.filter(({ code }) => code !== 11000).length;
    }
  }

  get(id: string): Promise<Prediction | null> {
    return this.predictions.findById(id).lean();
  }

  /** The newest `n`, newest first. */
  async latest(detector: string, n: number, patience: Patience = {}): Promise<Prediction[]> {
    let found: Prediction[] = [];
    for (const window of windowsMs) {
      if (found.length >= n) break;
      const at = window === Infinity ? {} : { at: { $gte: new Date(Date.now() - window) } };
      found = await this.predictions
        .find({ detector, ...at }, null, { ...patience })
        .sort({ at: -1 })
        .limit(n)
        .lean();
    }
    return found;
  }

  /** The rest of the requests that predictions are of; none where each was scored alone. */
  async othersOfRequests(
    predictions: readonly Pick<Prediction, '_id' | 'request'>[],
    patience: Patience = {},
  ): Promise<Prediction[]> {
    const requests = new Map<string, number>();
    for (const { request } of predictions) {
      if (request) requests.set(request.id, (requests.get(request.id) ?? request.size) - 1);
    }
    const partial = [...requests].filter(([, missing]) => missing > 0).map(([id]) => id);
    if (partial.length === 0) return [];
    const known = new Set(predictions.map(({ _id }) => _id));
    const found = await this.predictions
      .find({ 'request.id': { $in: partial } }, null, { ...patience })
      .lean();
    return found.filter(({ _id }) => !known.has(_id));
  }

  /** The first `n` predictions of a version in a window. */
  firstOf(detector: string, version: number, window: Required<Window>, n: number): Promise<Prediction[]> {
    return this.predictions
      .find({ detector, version, at: between(window) })
      .sort({ at: 1 })
      .limit(n)
      .lean();
  }

  /** Counts a window, one entry for each combination that occurs. */
  async tally(
    detector: string,
    { version, labelled, ...window }: TallyFilter,
    patience: Patience = {},
  ): Promise<Tally[]> {
    const groups = await this.predictions.aggregate<Group>(
      [
        {
          $match: {
            detector,
            ...(version !== undefined && { version }),
            ...(labelled && { 'feedback.label': { $in: [0, 1] } }),
            at: between(window),
          },
        },
        {
          $group: {
            _id: {
              version: '$version',
              servedBy: '$servedBy',
              verdict: '$verdict',
              modelVerdict: '$modelVerdict',
              label: '$feedback.label',
              shadowVersion: '$shadow.version',
              shadowVerdict: '$shadow.verdict',
            },
            count: { $sum: 1 },
            probability: { $sum: '$probability' },
            first: { $min: '$at' },
            last: { $max: '$at' },
          },
        },
      ],
      { ...patience },
    );
    return groups.map(tallyOf);
  }

  /** What has feedback in a window, oldest first. */
  async *streamLabelled(
    detector: string,
    window: Window,
  ): AsyncGenerator<Pick<Prediction, '_id' | 'values'> & { readonly feedback: Feedback }> {
    const found = this.predictions
      .find({ detector, 'feedback.label': { $in: [0, 1] }, at: between(window) })
      .select({ values: 1, feedback: 1 })
      .sort({ at: 1 })
      .lean()
      .cursor();
    for await (const { _id, values, feedback } of found) yield { _id, values, feedback: feedback! };
  }

  /** How many items were scored in a window, by whatever version. */
  count(detector: string, window: Window, patience: Patience = {}): Promise<number> {
    return this.predictions.countDocuments({ detector, at: between(window) }, { ...patience });
  }

  /**
   * Adds what became known of a prediction, in place of what was said before. Of two at once both are kept, one of
   * them as the earlier.
   * @returns the prediction as it is then; null when there is none
   */
  async setFeedback(id: string, feedback: Feedback): Promise<Prediction | null> {
    const before = await this.get(id);
    if (!before) return null;
    const unchanged = { _id: id, 'feedback.at': before.feedback?.at ?? null };
    const earlier = before.feedback && {
      $push: { earlierFeedback: { $each: [before.feedback], $slice: -mostEarlierFeedback } },
    };
    const after = await this.predictions
      .findOneAndUpdate(unchanged, { $set: { feedback }, ...earlier }, { returnDocument: 'after' })
      .lean();
    return after ?? this.setFeedback(id, feedback);
  }

  /**
   * Deletes a detector's predictions from before a moment, except those with feedback.
   * @returns how many there were; with `dryRun` nothing is deleted
   */
  async prunePredictions(
    detector: string,
    before: Date,
    { dryRun = false }: { readonly dryRun?: boolean } = {},
  ): Promise<number> {
    const old = { detector, at: { $lt: before }, feedback: null };
    if (dryRun) return this.predictions.countDocuments(old);
    return (await this.predictions.deleteMany(old)).deletedCount;
  }

  private get collection(): mongo.Collection<Prediction> {
    return this.predictions.collection as unknown as mongo.Collection<Prediction>;
  }
}

function between({ since, until }: Window): { $gte: Date; $lt?: Date } {
  return { $gte: since, ...(until && { $lt: until }) };
}

function tallyOf({ _id, ...sums }: Group): Tally {
  const { label = null, shadowVersion, shadowVerdict, modelVerdict, ...rest } = _id;
  const shadow = shadowVersion && shadowVerdict ? { version: shadowVersion, verdict: shadowVerdict } : null;
  return { ...rest, modelVerdict: modelVerdict ?? rest.verdict, label, shadow, ...sums };
}
