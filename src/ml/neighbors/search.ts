import type { BoxTree } from './box-tree.js';
import type { Metric } from './metrics.js';

/** Where the rows that are equal to a point stand: those of point `p` from `starts[p]` to `starts[p + 1]`. */
export interface RowsOfPoints {
  readonly starts: Int32Array;
  /** Numbers of the training rows, rising within a point. */
  readonly order: Int32Array;
}

/**
 * Finds the `count` training rows that are nearest to a query, of rows as near as each other those with the lowest
 * numbers: exactly what sorting all rows by distance and number would. `places` (into `order`) and `sums` (of the
 * metric) hold them, nearest first.
 */
export class NearestRows {
  readonly places: Int32Array;
  readonly sums: Float64Array;
  private query: Float64Array = new Float64Array(0);
  private found = 0;
  private worst = Infinity;
  private worstRow = Infinity;

  constructor(
    private readonly tree: BoxTree,
    private readonly rows: RowsOfPoints,
    private readonly metric: Metric,
    private readonly count: number,
  ) {
    this.places = new Int32Array(count);
    this.sums = new Float64Array(count);
  }

  /** `query` has a value for each column of the tree, which holds `count` rows or more. */
  search(query: Float64Array): void {
    this.query = query;
    this.found = 0;
    this.worst = Infinity;
    this.worstRow = Infinity;
    this.visit(0);
  }

  /** The child whose box is nearer goes first: what it holds may spare the other. */
  private visit(node: number): void {
    const { right } = this.tree;
    if (right[node] === 0) {
      this.visitLeaf(node);
      return;
    }
    const [left, other] = [node + 1, right[node]];
    const toLeft = this.toBox(left);
    const toOther = this.toBox(other);
    if (toLeft <= toOther) {
      if (toLeft <= this.worst) this.visit(left);
      if (toOther <= this.worst) this.visit(other);
    } else {
      if (toOther <= this.worst) this.visit(other);
      if (toLeft <= this.worst) this.visit(left);
    }
  }

  private toBox(node: number): number {
    const { low, high, columns } = this.tree;
    return this.metric.toBox(this.query, low, high, node * columns, this.worst);
  }

  private visitLeaf(node: number): void {
    const { points, numbers, columns, start, end } = this.tree;
    const to = end[node];
    for (let place = start[node]; place < to; place++) {
      const sum = this.metric.toPoint(this.query, points, place * columns, this.worst);
      if (sum <= this.worst) this.offerPoint(sum, numbers[place]);
    }
  }

  private offerPoint(sum: number, point: number): void {
    const { starts, order } = this.rows;
    const to = starts[point + 1];
    for (let at = starts[point]; at < to; at++) {
      if (sum === this.worst && order[at] > this.worstRow) return;
      if (sum > this.worst) return;
      this.insert(sum, at);
    }
  }

  private insert(sum: number, place: number): void {
    const { places, sums, count } = this;
    const { order } = this.rows;
    let at = this.found < count ? this.found++ : count - 1;
    for (; at > 0 && isAfter(sums[at - 1], order[places[at - 1]], sum, order[place]); at--) {
      sums[at] = sums[at - 1];
      places[at] = places[at - 1];
    }
    sums[at] = sum;
    places[at] = place;
    if (this.found < count) return;
    this.worst = sums[count - 1];
    this.worstRow = order[places[count - 1]];
  }
}

function isAfter(sum: number, row: number, otherSum: number, otherRow: number): boolean {
  return sum > otherSum || (sum === otherSum && row > otherRow);
}
