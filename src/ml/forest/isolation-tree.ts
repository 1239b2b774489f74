import type { Matrix } from '../matrix.js';
import type { Random } from '../random.js';
import type { NodeWriter } from './nodes.js';
import { swap } from './split.js';

interface Cut {
  readonly column: number;
  readonly threshold: number;
  readonly missingLeft: boolean;
}

/** Levels of a tree on `rows` rows: as many as a balanced tree needs to set each apart. */
export function isolationLevels(rows: number): number {
  return Math.ceil(Math.log2(rows));
}

/** Cuts rows at random columns and thresholds until they are alone or alike, or the tree has its levels. */
export class IsolationTree {
  private readonly levels: number;

  /** @param rows rows of `x` to grow on, and `columns` to cut at: both are put in another order */
  constructor(
    private readonly x: Matrix,
    private readonly rows: Int32Array,
    private readonly columns: Int32Array,
    private readonly random: Random,
  ) {
    this.levels = isolationLevels(rows.length);
  }

  /** Appends the tree; its covers are numbers of rows, its values 0. */
  grow(nodes: NodeWriter): void {
    nodes.startTree();
    this.growNode(nodes, 0, this.rows.length, 0);
  }

  private growNode(nodes: NodeWriter, start: number, end: number, level: number): number {
    const node = nodes.leaf(0, end - start);
    const cut = level < this.levels ? this.drawCut(start, end) : null;
    if (cut === null) return node;
    nodes.split(node, cut.column, cut.threshold, cut.missingLeft);
    const middle = this.partition(start, end, cut);
    this.growNode(nodes, start, middle, level + 1);
    nodes.setRight(node, this.growNode(nodes, middle, end, level + 1));
    return node;
  }

  /** A random column among those that vary, cut uniformly over its range; null where none varies. */
  private drawCut(start: number, end: number): Cut | null {
    const { columns, random, rows } = this;
    for (let undrawn = columns.length; undrawn > 0; undrawn--) {
      swap(columns, random.below(undrawn), undrawn - 1);
      const column = columns[undrawn - 1];
      const values = this.x.column(column);
      let least = Infinity;
      let greatest = -Infinity;
      for (let i = start; i < end; i++) {
        const value = values[rows[i]];
        if (value < least) least = value;
        if (value > greatest) greatest = value;
      }
      if (!(least < greatest)) continue;
      const share = random.float();
      const drawn = (1 - share) * least + share * greatest;
      // Rounding may leave the range, and a cut at its end would not cut.
      const threshold = drawn >= least && drawn < greatest ? drawn : least;
      return { column, threshold, missingLeft: this.isLeftLarger(start, end, values, threshold) };
    }
    return null;
  }

  private isLeftLarger(start: number, end: number, values: Float64Array, threshold: number): boolean {
    let left = 0;
    let right = 0;
    for (let i = start; i < end; i++) {
      if (values[this.rows[i]] <= threshold) left++;
      else if (values[this.rows[i]] > threshold) right++;
    }
    return left > right;
  }

  /** Moves the rows that go left to the front of [start, end) and returns where the others begin. */
  private partition(start: number, end: number, { column, threshold, missingLeft }: Cut): number {
    const { rows } = this;
    const values = this.x.column(column);
    let middle = start;
    for (let i = start; i < end; i++) {
      const value = values[rows[i]];
      if (value <= threshold || (missingLeft && Number.isNaN(value))) swap(rows, i, middle++);
    }
    return middle;
  }
}

/** Draws `count` of the values without replacement: a copy, the values themselves in another order. */
export function draw(values: Int32Array, count: number, random: Random): Int32Array {
  for (let i = 0; i < count; i++) swap(values, i, i + random.below(values.length - i));
  return values.slice(0, count);
}
