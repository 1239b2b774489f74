import { RequestInvalidError } from '../common/errors.js';
import type { SearchMethod, SearchOptions } from '../detector/candidate.js';
import type { Contract } from '../detector/contract.js';
import { CandidateUnknownError } from './runs.errors.js';
import type { PromotionPolicy, RunOptions, RunTrigger } from './training-run.schema.js';

/** What may be asked of a training run; the contract says the rest. */
export interface TrainOrder {
  readonly candidates?: readonly string[];
  readonly seed?: number;
  readonly promote?: PromotionPolicy;
  /** How to search the candidates' spaces, and its budget; the contract's where left out. */
  readonly search?: SearchMethod;
  readonly maxFits?: number;
  readonly maxSeconds?: number;
  /** Skip the run where neither data nor contract nor code changed since the last version. */
  readonly unlessUnchanged?: boolean;
  readonly actor: string;
  /** Why, where it is the schedule that asks. */
  readonly trigger?: RunTrigger;
  /** Of the request, where the sender may send it again. */
  readonly idempotencyKey?: string;
}

const defaultSeed = 42;

/** The order's options, completed from the contract. @throws CandidateUnknownError, RequestInvalidError */
export function chooseOptions(contract: Contract, order: TrainOrder): RunOptions {
  return {
    candidates: chooseCandidates(contract, order.candidates),
    seed: order.seed ?? defaultSeed,
    promote: order.promote ?? 'gate',
    search: chooseSearch(contract, order),
    unlessUnchanged: order.unlessUnchanged ?? false,
  };
}

/** The named candidates, or all that are not optional. */
function chooseCandidates({ detector, candidates }: Contract, named?: readonly string[]): string[] {
  if (!named?.length) return candidates.filter(({ optional }) => !optional).map(({ name }) => name);
  const known = candidates.map(({ name }) => name);
  const unknown = named.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new CandidateUnknownError(detector, unknown, known);
  return [...new Set(named)];
}

/** The contract's search with what the order changes. A budget without a search is a slip that must not pass silently. */
function chooseSearch({ search }: Contract, order: TrainOrder): SearchOptions {
  const { search: method = search.method, maxFits, maxSeconds } = order;
  if (method === 'none') {
    const faults = Object.entries({ maxFits, maxSeconds })
      .filter(([, limit]) => limit !== undefined)
      .map(([path]) => ({ path, message: 'limits a search, but the run makes none: say which with search' }));
    if (faults.length > 0) throw new RequestInvalidError(faults);
  }
  return {
    ...search,
    method,
    maxFits: maxFits ?? search.maxFits,
    maxSeconds: maxSeconds ?? search.maxSeconds,
  };
}
