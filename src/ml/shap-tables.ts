import { type ForestNodes, goesLeft } from './forest/nodes.js';
import { gaussLegendre } from './quadrature.js';

/** More columns on one path would make too many patterns. */
const mostColumns = 10;
/** Contributions kept at most: 16 MB. */
const mostEntries = 2 ** 21;

/** A leaf that says something, and the path to it. */
interface Path {
  readonly leaf: number;
  /** Each column that the path asks for, once. */
  readonly columns: readonly number[];
  /** Of each: the share of the cover that goes on towards the leaf at its splits. */
  readonly shares: readonly number[];
  /** Nodes on the path behind the root, each with the place of the column that leads to it. */
  readonly steps: readonly { readonly node: number; readonly place: number }[];
}

/**
 * Exact path-dependent TreeSHAP of shallow trees by looking it up (the idea of Fast TreeSHAP v2, Yang 2021): what a leaf
 * gives to each column depends only on which of the path's columns let the row pass. With d columns these are 2^d
 * patterns, and the contributions of each are worked out once, as `TreeExplainer` does it. A row then costs a comparison
 * a split and an addition a column of each path.
 */
export class ShapTables {
  /** Whether the row in hand passes on to a node. */
  private readonly passes: Uint8Array;
  /** Of path i: its steps at `stepStart[i]`, its columns at `columnStart[i]`, its table at `tableStart[i]`. */
  private readonly stepStart: Int32Array;
  private readonly columnStart: Int32Array;
  private readonly tableStart: Int32Array;
  private readonly stepNode: Int32Array;
  private readonly stepBit: Int32Array;
  private readonly column: Int32Array;
  /** A contribution a column, one such row a pattern. */
  private readonly table: Float64Array;

  private constructor(
    private readonly nodes: ForestNodes,
    paths: readonly Path[],
  ) {
    const starts = (sizeOf: (path: Path) => number): Int32Array => {
      const sums = new Int32Array(paths.length + 1);
      paths.forEach((path, i) => (sums[i + 1] = sums[i] + sizeOf(path)));
      return sums;
    };
    this.passes = new Uint8Array(nodes.feature.length);
    this.stepStart = starts(({ steps }) => steps.length);
    this.columnStart = starts(({ columns }) => columns.length);
    this.tableStart = starts(entriesOf);
    this.stepNode = Int32Array.from(paths.flatMap(({ steps }) => steps.map(({ node }) => node)));
    this.stepBit = Int32Array.from(paths.flatMap(({ steps }) => steps.map(({ place }) => 1 << place)));
    this.column = Int32Array.from(paths.flatMap(({ columns }) => columns));
    this.table = new Float64Array(this.tableStart[paths.length]);
    paths.forEach(({ leaf, shares }, i) => {
      fillTable(this.table.subarray(this.tableStart[i], this.tableStart[i + 1]), shares, nodes.value[leaf]);
    });
  }

  /** Null where a path has too many columns, or all of them together too many patterns. */
  static of(nodes: ForestNodes, columns: number): ShapTables | null {
    const paths: Path[] = [];
    let entries = 0;
    for (const path of pathsOf(nodes, columns)) {
      if (path.columns.length > mostColumns || (entries += entriesOf(path)) > mostEntries) return null;
      paths.push(path);
    }
    return new ShapTables(nodes, paths);
  }

  /** Adds the contributions of one row to `values`, one a column. */
  add(row: Float64Array, values: Float64Array): void {
    this.decide(row);
    const { passes, stepStart, columnStart, tableStart, stepNode, stepBit, column, table } = this;
    for (let path = 0; path + 1 < stepStart.length; path++) {
      const first = columnStart[path];
      const count = columnStart[path + 1] - first;
      let pattern = (1 << count) - 1;
      for (let step = stepStart[path]; step < stepStart[path + 1]; step++) {
        if (passes[stepNode[step]] === 0) pattern &= ~stepBit[step];
      }
      const from = tableStart[path] + pattern * count;
      for (let i = 0; i < count; i++) values[column[first + i]] += table[from + i];
    }
  }

  private decide(row: Float64Array): void {
    const { feature, right } = this.nodes;
    for (let node = 0; node < feature.length; node++) {
      if (feature[node] < 0) continue;
      const left = goesLeft(this.nodes, node, row[feature[node]]) ? 1 : 0;
      this.passes[node + 1] = left;
      this.passes[right[node]] = 1 - left;
    }
  }
}

function entriesOf({ columns }: Path): number {
  return columns.length * 2 ** columns.length;
}

/** The paths to all leaves that are not 0. */
function* pathsOf({ starts, feature, right, cover, value }: ForestNodes, columns: number): Generator<Path> {
  const place = new Int32Array(columns).fill(-1);
  const onPath: number[] = [];
  const shares: number[] = [];
  const steps: Path['steps'][number][] = [];

  function* below(node: number): Generator<Path> {
    const column = feature[node];
    if (column < 0) {
      if (value[node] !== 0) {
        yield { leaf: node, columns: onPath.slice(), shares: shares.slice(), steps: steps.slice() };
      }
      return;
    }
    const isNew = place[column] < 0;
    if (isNew) {
      place[column] = onPath.length;
      onPath.push(column);
      shares.push(1);
    }
    const at = place[column];
    const before = shares[at];
    for (const child of [node + 1, right[node]]) {
      shares[at] = (before * cover[child]) / (cover[node + 1] + cover[right[node]]);
      steps.push({ node: child, place: at });
      yield* below(child);
      steps.pop();
    }
    shares[at] = before;
    if (isNew) {
      place[column] = -1;
      onPath.pop();
      shares.pop();
    }
  }

  for (const root of starts.subarray(0, -1)) yield* below(root);
}

/** What a leaf of this value gives to each column of its path, for each pattern of columns that let the row pass. */
function fillTable(table: Float64Array, shares: readonly number[], value: number): void {
  const count = shares.length;
  const { points, weights } = gaussLegendre(Math.ceil(count / 2));
  for (let pattern = 0; pattern < 2 ** count; pattern++) {
    for (let i = 0; i < count; i++) {
      const gain = ((pattern >> i) & 1) - shares[i];
      let integral = 0;
      for (let q = 0; q < points.length; q++) {
        let product = weights[q];
        for (let j = 0; j < count; j++) {
          if (j !== i) product *= shares[j] + points[q] * (((pattern >> j) & 1) - shares[j]);
        }
        integral += product;
      }
      table[pattern * count + i] = value * gain * integral;
    }
  }
}
