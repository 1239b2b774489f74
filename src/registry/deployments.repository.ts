import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { type Model, mongo } from 'mongoose';
import { type Page, type PageQuery, skipOf } from '../common/page.js';
import { Deployment } from './deployment.schema.js';
import { ModelAliases } from './model-aliases.schema.js';
import { ChampionChangedError } from './registry.errors.js';

/** What a move says; the repository adds number, time and where the alias stood. */
export type Move = Pick<Deployment, 'alias' | 'kind' | 'to' | 'actor' | 'reason'>;

/** Two writers of one alias meet seldom; this many lost races in a row is a fault. */
const maxRaces = 100;

/** The aliases and their ledger. */
@Injectable()
export class DeploymentsRepository {
  constructor(
    @InjectModel(ModelAliases.name) private readonly aliases: Model<ModelAliases>,
    @InjectModel(Deployment.name) private readonly deployments: Model<Deployment>,
  ) {}

  async aliasesOf(detector: string): Promise<ModelAliases> {
    const found = await this.aliases.findById(detector).lean();
    return (
      found ?? { _id: detector, champion: null, challenger: null, lastVersion: 0, moves: 0, lastMove: null }
    );
  }

  allAliases(): Promise<ModelAliases[]> {
    return this.aliases.find().lean();
  }

  /** The next version number of a detector. */
  async nextVersion(detector: string): Promise<number> {
    const { lastVersion } = await this.aliases
      .findByIdAndUpdate(detector, { $inc: { lastVersion: 1 } }, { upsert: true, returnDocument: 'after' })
      .lean()
      .orFail();
    return lastVersion;
  }

  /**
   * Moves an alias and enters it into the ledger. With `expectedChampion`, only when that is the champion
   * at the moment of the move: of two moves at once with the same expectation exactly one wins.
   * @throws ChampionChangedError
   */
  async move(detector: string, move: Move, expectedChampion?: number | null): Promise<Deployment> {
    for (let race = 0; race < maxRaces; race++) {
      const state = await this.aliasesOf(detector);
      if (expectedChampion !== undefined && state.champion !== expectedChampion) {
        throw new ChampionChangedError(detector, expectedChampion, state.champion);
      }
      await this.enter(state.lastMove);
      const entry = entryOf(state, move);
      const challenger =
        move.alias === 'champion' && state.challenger === move.to ? { challenger: null } : {};
      const moved = await this.aliases.updateOne(
        { _id: detector, moves: state.moves },
        { $set: { [move.alias]: move.to, ...challenger, moves: entry.move, lastMove: entry } },
      );
      if (moved.modifiedCount === 1) {
        await this.enter(entry);
        return entry;
      }
    }
    throw new Error(`the aliases of ${detector} changed ${maxRaces} times while one move was tried`);
  }

  /** The ledger, newest first; with `at`, only what had happened by then. */
  async list(detector: string, query: PageQuery, at?: Date): Promise<Page<Deployment>> {
    await this.enter((await this.aliasesOf(detector)).lastMove);
    const filter = { detector, ...(at && { at: { $lte: at } }) };
    const [items, total] = await Promise.all([
      this.deployments.find(filter).sort({ move: -1 }).skip(skipOf(query)).limit(query.pageSize).lean(),
      this.deployments.countDocuments(filter),
    ]);
    return { items, page: query.page, pageSize: query.pageSize, total };
  }

  /** The version that served before `champion` was first put in place of it; null when there was none. */
  async predecessor(detector: string, champion: number): Promise<number | null> {
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

function entryOf(state: ModelAliases, move: Move): Deployment {
  const number = state.moves + 1;
  return {
    _id: `${state._id}/${number}`,
    detector: state._id,
    move: number,
    from: state[move.alias],
    at: new Date(),
    ...move,
  };
}
