import type { BoxTree } from './box-tree.js';
import { type MetricName, metrics } from './metrics.js';
import { NearestRows, type RowsOfPoints } from './search.js';

export type VoteWeights = 'uniform' | 'distance';

/** What a fitted neighbourhood votes with; plain data in shared memory, so that any thread can. */
export interface Electorate extends RowsOfPoints {
  readonly tree: BoxTree;
  /** For each place of `order`, the weight of the row's vote, and 1 where it is a threat. */
  readonly weight: Float64Array;
  readonly threat: Uint8Array;
  readonly nNeighbors: number;
  readonly weights: VoteWeights;
  readonly metric: MetricName;
}

/** Points to be voted on, row after row, by all who take part. */
export interface Ballot {
  readonly electorate: Electorate;
  readonly points: Float64Array;
  /** The next point that nobody has taken, in shared memory. */
  readonly next: Int32Array;
  /** The answers: the share of threats in the votes, one a point, in shared memory. */
  readonly shares: Float64Array;
}

/** Points taken at a time. */
const blockPoints = 16;

/** Votes on points that nobody else has taken until there are none. A point's answer does not depend on who votes. */
export function vote({ electorate, points, next, shares }: Ballot): void {
  const { tree, nNeighbors } = electorate;
  const nearest = new NearestRows(tree, electorate, metrics[electorate.metric], nNeighbors);
  for (;;) {
    const from = Atomics.add(next, 0, blockPoints);
    if (from >= shares.length) return;
    for (let i = from; i < Math.min(from + blockPoints, shares.length); i++) {
      nearest.search(points.subarray(i * tree.columns, (i + 1) * tree.columns));
      shares[i] = shareOfThreats(electorate, nearest);
    }
  }
}

function shareOfThreats({ tree, weight, threat, weights, metric }: Electorate, nearest: NearestRows): number {
  const { places, sums } = nearest;
  const alike = weights === 'uniform';
  const exact = sums[0] === 0;
  let total = 0;
  let threats = 0;
  for (let i = 0; i < places.length; i++) {
    if (!alike && exact && sums[i] > 0) break;
    const closeness = alike || exact ? 1 : 1 / metrics[metric].distance(sums[i], tree.columns);
    const votes = closeness * weight[places[i]];
    total += votes;
    threats += votes * threat[places[i]];
  }
  return threats / total;
}
