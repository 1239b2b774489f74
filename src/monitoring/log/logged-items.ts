import { nextTurn } from '../../common/turns.js';
import type { Contract } from '../../detector/contract.js';
import { type Context, type FeaturizedItems, isFault, type Item } from '../../detector/kind.js';
import { kindOf } from '../../detector/kinds.js';
import { Matrix } from '../../ml/matrix.js';
import type { Prediction } from './prediction.schema.js';

/** What is needed of a prediction to score its item again. */
export type LoggedItem = Pick<Prediction, '_id' | 'values' | 'context' | 'request'>;

/** Logged items as learners see them, each in the context that it was scored in. */
export interface FeaturizedLog<T> {
  /** One row a prediction, one column a feature of the contract; NaN is missing. */
  readonly x: Matrix;
  /** In the order in which they were given. */
  readonly predictions: readonly T[];
  /** Predictions that cannot be scored again as they were: of another contract, or of a request that is not logged whole. */
  readonly leftOut: number;
}

/** Items that are featurized together; `places` are those of their predictions, -1 of an item that is context alone. */
interface Group {
  readonly context: Context;
  readonly items: readonly Item[];
  readonly places: readonly number[];
}

/** @param others the rest of the requests that the predictions are of, where a detector's items depend on each other */
export async function featurizeLogged<T extends LoggedItem>(
  contract: Contract,
  predictions: readonly T[],
  others: readonly LoggedItem[] = [],
): Promise<FeaturizedLog<T>> {
  const kind = kindOf(contract);
  const groups = kind.isIndependent
    ? [groupOf(contract, 'alone', predictions, predictions.keys())]
    : contextsOf(contract, predictions, others);
  const parts: FeaturizedItems[] = [];
  for (const { context, items } of groups) {
    parts.push(await kind.open(context).featurize(items));
    await nextTurn();
  }
  if (groups.length === 1 && kind.isIndependent) return only(groups[0], parts[0].x, predictions);
  const rows: Float64Array[] = new Array<Float64Array>(predictions.length);
  groups.forEach(({ places }, g) =>
    places.forEach((place, row) => place >= 0 && (rows[place] = parts[g].x.row(row))),
  );
  const kept = [...predictions.keys()].filter((place) => rows[place] !== undefined);
  return {
    x: Matrix.fromRows(
      kept.map((place) => rows[place]),
      contract.features.length,
    ),
    predictions: kept.map((place) => predictions[place]),
    leftOut: predictions.length - kept.length,
  };
}

function only<T>({ places }: Group, x: Matrix, predictions: readonly T[]): FeaturizedLog<T> {
  return {
    x,
    predictions: places.map((place) => predictions[place]),
    leftOut: predictions.length - places.length,
  };
}

/** The items at these places that the contract still takes. */
function groupOf(
  contract: Contract,
  context: Context,
  logged: readonly LoggedItem[],
  candidates: Iterable<number>,
): Group {
  const items: Item[] = [];
  const places: number[] = [];
  for (const place of candidates) {
    const item = itemOf(contract, logged[place]);
    if (item === null) continue;
    items.push(item);
    places.push(place);
  }
  return { context, items, places };
}

/** Those that were scored alone together, and each request that is logged whole. */
function contextsOf(
  contract: Contract,
  predictions: readonly LoggedItem[],
  others: readonly LoggedItem[],
): Group[] {
  const places = new Map(predictions.map(({ _id }, place) => [_id, place]));
  const alone = predictions.flatMap(({ context, request }, place) =>
    context === 'alone' && !request ? [place] : [],
  );
  const requests = new Map<string, Map<number, LoggedItem>>();
  for (const one of [...others, ...predictions]) {
    if (!one.request) continue;
    const members = requests.get(one.request.id) ?? new Map<number, LoggedItem>();
    requests.set(one.request.id, members.set(one.request.place, one));
  }
  const groups = [groupOf(contract, 'alone', predictions, alone)];
  for (const members of requests.values()) {
    const inOrder = [...members].sort(([a], [b]) => a - b).map(([, member]) => member);
    const items = inOrder.map((member) => itemOf(contract, member));
    if (items.length !== inOrder[0].request!.size || !isWhole(items)) continue;
    groups.push({ context: 'request', items, places: inOrder.map(({ _id }) => places.get(_id) ?? -1) });
  }
  return groups;
}

function isWhole(items: readonly (Item | null)[]): items is readonly Item[] {
  return !items.includes(null);
}

/** Null where the contract has other columns than the one that the item was scored by, or does not take its values. */
function itemOf(contract: Contract, { values }: LoggedItem): Item | null {
  const kind = kindOf(contract);
  if (values.length !== kind.columns.length) return null;
  const item = kind.item(values);
  return isFault(item) ? null : item;
}
