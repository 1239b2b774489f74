import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { type Model, mongo } from 'mongoose';
import { type Page, pageOf, type PageQuery } from '../common/page.dto.js';
import { Deployment } from './deployment.schema.js';
import { ModelAliases } from './model-aliases.schema.js';
import { ChampionChangedError, FencedOffError, NothingToMoveError } from './registry.errors.js';

/** What a move says; the repository adds number, time and where the alias stood. */
export type Move = Pick<Deployment, 'alias' | 'kind' | 'to' | 'actor' | 'reason' | 'mode' | 'share'>;

/** Works a move out from the aliases as they stand; asked again when they have changed before it was made. */
export type MovePlan = (state: ModelAliases) => Promise<Move>;

export interface MoveConditions {
  /** The champion at the moment of the move, null for none. */
  readonly expectedChampion?: number | null;
  /** Token of the worker that moves; a later one may not have taken over. */
  readonly fence?: number;
}

/** Two writers of one alias meet seldom; this many lost races in a row is a fault. */
const maxRaces = 100;

/** Moves of one version that are shown at once; the whole ledger is a list of its own. */
const maxMoves = 100;

/** The aliases and their ledger. */
@Injectable()
export class DeploymentsRepository {
  constructor(
    @InjectModel(ModelAliases.name) private readonly aliases: Model<ModelAliases>,
    @InjectModel(Deployment.name) private readonly deployments: Model<Deployment>,
  ) {}

  async aliasesOf(detector: string): Promise<ModelAliases> {
    return filledIn(detector, await this.aliases.findById(detector).lean());
  }

  async allAliases(): Promise<ModelAliases[]> {
    const stored = await this.aliases.find().lean();
    return stored.map((state) => filledIn(state._id, state));
  }

  /** The next version number of a detector. @throws FencedOffError */
  async nextVersion(detector: string, fence?: number): Promise<number> {
    if (fence === undefined) await this.ensure(detector);
    const state = await this.aliases
      .findOneAndUpdate(
        { _id: detector, ...heldBy(fence) },
        { $inc: { lastVersion: 1 } },
        { returnDocument: 'after' },
      )
      .lean();
    if (state) return state.lastVersion;
    throw new FencedOffError(detector, fence!);
  }

  /** Shuts out the workers with lower tokens, for good. @throws FencedOffError when a higher one did so before */
  async raiseFence(detector: string, token: number): Promise<void> {
    await this.ensure(detector);
    const { fence } = await this.aliases
      .findOneAndUpdate({ _id: detector }, { $max: { fence: token } }, { returnDocument: 'after' })
      .lean()
      .orFail();
    if (fence > token) throw new FencedOffError(detector, token);
  }

  /**
   * Moves an alias and enters it into the ledger, if the conditions hold at the moment of the move: of two moves
   * at once that expect the same champion exactly one wins.
   * @throws ChampionChangedError, FencedOffError, what the plan throws
   */
  async move(detector: string, plan: MovePlan, conditions: MoveConditions = {}): Promise<Deployment> {
    for (let race = 0; race < maxRaces; race++) {
      const state = await this.aliasesOf(detector);
      const entry = await planned(state, plan, conditions);
      await this.enter(state.lastMove);
      const moved = await this.aliases.updateOne(
        { _id: detector, moves: state.moves, ...prunedSince(state), ...heldBy(conditions.fence) },
        { $set: { ...whatMoves(state, entry), moves: entry.move, lastMove: entry } },
      );
      if (moved.modifiedCount === 1) {
        await this.enter(entry);
        return entry;
      }
    }
    throw new Error(`the aliases of ${detector} changed ${maxRaces} times while one move was tried`);
  }

  /** The entry that `move` would make now; nothing is written. */
  async preview(detector: string, plan: MovePlan, conditions: MoveConditions = {}): Promise<Deployment> {
    return planned(await this.aliasesOf(detector), plan, conditions);
  }

  /** The ledger, newest first; with `at`, only what had happened by then. */
  async list(detector: string, query: PageQuery, at?: Date): Promise<Page<Deployment>> {
    await this.complete(detector);
    const filter = { detector, ...(at && { at: { $lte: at } }) };
    return pageOf(this.deployments.find(filter).sort({ move: -1 }).lean(), query);
  }

  /** A detector's moves after one, in their order; the last one is there although a crash kept it out of the ledger. */
  async after(detector: string, move: number): Promise<Deployment[]> {
    await this.complete(detector);
    return this.deployments
      .find({ detector, move: { $gt: move } })
      .sort({ move: 1 })
      .lean();
  }

  find(id: string): Promise<Deployment | null> {
    return this.deployments.findById(id).lean();
  }

  /** The latest moves of an alias to a version or away from it, newest first. */
  async movesOf(detector: string, version: number): Promise<Deployment[]> {
    await this.complete(detector);
    const filter = { detector, $or: [{ to: version }, { from: version }] };
    return this.deployments.find(filter).sort({ move: -1 }).limit(maxMoves).lean();
  }

  /** The move by which a version served at a moment; null when none did. */
  async servedAt(detector: string, at: Date): Promise<Deployment | null> {
    await this.complete(detector);
    return this.deployments
      .findOne({ detector, alias: 'champion', at: { $lte: at } })
      .sort({ at: -1, move: -1 })
      .lean();
  }

  /** The version that served before `champion` was first put in place of it; null when there was none. */
  async predecessor(detector: string, champion: number): Promise<number | null> {
    await this.complete(detector);
    const entry = await this.deployments
      .findOne({
        detector,
        alias: 'champion',
        to: champion,
        kind: { $ne: 'rollback' },
        from: { $ne: champion },
      })
      .sort({ move: -1 })
      .lean();
    return entry?.from ?? null;
  }

  /** The versions that served, the last one first, each once; at most so many. */
  async champions(detector: string, most: number): Promise<number[]> {
    await this.complete(detector);
    const served = new Set<number>();
    const moves = this.deployments.find({ detector, alias: 'champion' }, { to: 1 }).sort({ move: -1 }).lean();
    for await (const { to } of moves.cursor()) if (served.add(to!).size === most) break;
    return [...served];
  }

  /**
   * Has the moves that are being worked out worked out again, so that they see what stands in the versions' rows by
   * now. False where an alias was moved since `state`: then nothing has changed.
   */
  async announcePruning({ _id, moves }: ModelAliases): Promise<boolean> {
    const { modifiedCount } = await this.aliases.updateOne({ _id, moves }, { $inc: { prunings: 1 } });
    return modifiedCount === 1;
  }

  /** A find-and-update that inserts finds nothing in SecantusDB where another one inserts at the same time. */
  private async ensure(detector: string): Promise<void> {
    await this.aliases.updateOne({ _id: detector }, { $setOnInsert: { lastVersion: 0 } }, { upsert: true });
  }

  private async complete(detector: string): Promise<void> {
    await this.enter((await this.aliasesOf(detector)).lastMove);
  }

  /** Copies a move into the ledger; a copy that a crash prevented is made up for here. */
  private async enter(entry: Deployment | null): Promise<void> {
    if (!entry) return;
    try {
      await this.deployments.create(entry);
    } catch (error) {
      if (!(error instanceof mongo.MongoServerError && error.code === 11000)) throw error;
    }
  }
}

const noChallenger = { challenger: null, challengerMode: 'none', canaryShare: 0 } as const;
const noMoves = { lastVersion: 0, moves: 0, fence: 0, prunings: 0, lastMove: null };

/** Aliases before they are stored; stored ones from before some member was there have it too. */
function filledIn(detector: string, stored: ModelAliases | null): ModelAliases {
  return { _id: detector, champion: null, ...noChallenger, ...noMoves, ...stored };
}

/** The members that a move sets. A challenger that becomes the champion is a challenger no more. */
function whatMoves(
  state: ModelAliases,
  { alias, to, mode = 'none', share = 0 }: Move,
): Partial<ModelAliases> {
  if (alias === 'challenger') return { challenger: to, challengerMode: mode, canaryShare: share };
  return { champion: to, ...(state.challenger === to && noChallenger) };
}

/** Matches while no worker with a higher token has taken over; aliases from before there were tokens too. */
function heldBy(fence: number | undefined): object {
  return fence === undefined ? {} : { fence: { $not: { $gt: fence } } };
}

/** Matches while no versions were pruned since; aliases from before there was pruning too. */
function prunedSince({ prunings = 0 }: ModelAliases): object {
  return { prunings: prunings === 0 ? { $in: [0, null] } : prunings };
}

async function planned(
  state: ModelAliases,
  plan: MovePlan,
  { expectedChampion, fence }: MoveConditions,
): Promise<Deployment> {
  if (fence !== undefined && state.fence > fence) throw new FencedOffError(state._id, fence);
  if (expectedChampion !== undefined && state.champion !== expectedChampion) {
    throw new ChampionChangedError(state._id, expectedChampion, state.champion);
  }
  const move = await plan(state);
  // A promotion of the champion is a decision of its own: it may say why it stays.
  if (move.alias === 'challenger' && changesNothing(state, move))
    throw new NothingToMoveError(state._id, move.alias, move.to);
  return entryOf(state, move);
}

function changesNothing(state: ModelAliases, move: Move): boolean {
  return Object.entries(whatMoves(state, move)).every(
    ([name, to]) => state[name as keyof ModelAliases] === to,
  );
}

/** Clocks of replicas differ; an entry is never older than the one before it, or nobody could say which version served at a moment. */
function entryOf(state: ModelAliases, move: Move): Deployment {
  const number = state.moves + 1;
  return {
    _id: `${state._id}/${number}`,
    detector: state._id,
    move: number,
    from: state[move.alias],
    at: new Date(Math.max(Date.now(), state.lastMove?.at.getTime() ?? 0)),
    ...move,
  };
}
