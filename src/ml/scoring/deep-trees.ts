import type { Matrix } from '../matrix.js';
import { layoutFor, nodeBytes, type PackedNodes, type RowLayout } from './packed-nodes.js';
import { Layout, treeMachine, type TreeMachine } from './tree-kernels.js';

/** Bytes of the rows that go through the trees together. Many, for each time all trees are copied to the kernel. */
const chunkBytes = 2 ** 21;
/** Bytes of the trees that each of those rows goes through before the next ones come: they stay in the cache. */
const groupBytes = 2 ** 17;
/** Rows that the kernel walks side by side. */
const rowsAbreast = 8;

/** How many rows are best walked at once. */
export function chunkRowsOf({ columns }: PackedNodes): number {
  const rows = chunkBytes / (8 * (columns + 1));
  return Math.max(64, Math.min(8192, 64 * Math.floor(rows / 64)));
}

/** Adds each tree's leaf value for rows `from` to `to` - 1 of `x` to `out`. */
export function addDeepTrees(
  model: PackedNodes,
  x: Matrix,
  from: number,
  to: number,
  out: Float64Array,
): void {
  const { starts, sets } = model;
  const rowLayout = layoutFor(model, x, from, to);
  const most = Math.min(chunkRowsOf(model), padded(to - from));
  const largest = starts.reduce((size, start, i) => Math.max(size, start - (starts[i - 1] ?? 0)), 0);
  const layout = new Layout();
  // Address 0 would say that there are no sets.
  layout.place(1);
  const at: Places = {
    ...rowLayout,
    sets: layout.place(sets.byteLength),
    roots: layout.place(4 * starts.length),
    trees: layout.place(Math.max(groupBytes, nodeBytes * largest)),
    values: layout.place(8 * most),
    rows: layout.place(rowLayout.stride * most),
    sums: layout.place(8 * most),
  };
  const machine = treeMachine(layout.size);
  machine.resident = null;
  machine.words.set(sets, at.sets / 4);
  for (; from < to; from += most) {
    const rows = Math.min(most, to - from);
    spreadRows(machine, model, x, from, rows, at);
    machine.numbers.set(out.subarray(from, from + rows), at.sums / 8);
    walkTrees(machine, model, rows, at);
    out.set(machine.numbers.subarray(at.sums / 8, at.sums / 8 + rows), from);
  }
}

interface Places extends RowLayout {
  readonly sets: number;
  readonly roots: number;
  readonly trees: number;
  readonly values: number;
  readonly rows: number;
  readonly sums: number;
}

function padded(rows: number): number {
  return Math.ceil(rows / rowsAbreast) * rowsAbreast;
}

/** Writes a chunk's values row after row, a few rows at a time: those stay in the cache over all columns. */
function spreadRows(
  { kernels, numbers }: TreeMachine,
  { columns, numeric, categorical }: PackedNodes,
  x: Matrix,
  from: number,
  rows: number,
  at: Places,
): void {
  const { stride, plane } = at;
  for (let start = 0; start < rows; start += 64) {
    const count = Math.min(64, rows - start);
    const out = at.rows + stride * start;
    const fetch = (column: number): void => {
      const first = column * x.rows + from + start;
      numbers.set(x.data.subarray(first, first + count), at.values / 8);
    };
    for (const column of numeric) {
      fetch(column);
      kernels.spread(at.values, count, out + 8 * column, stride, plane);
    }
    for (const column of categorical) {
      fetch(column);
      kernels.spreadCategories(at.values, count, out + 8 * column, stride);
    }
    // Also in the rows behind the last, which are walked too and must find their way to a leaf and stay there.
    for (let i = 0; i < padded(count); i++) numbers[(out + stride * i) / 8 + columns] = NaN;
  }
}

/** Copies trees to the kernel as many as fit, and has all rows walk them, until all are walked. */
function walkTrees(machine: TreeMachine, model: PackedNodes, rows: number, at: Places): void {
  const { starts, sets } = model;
  const table = new Uint8Array(model.numbers.buffer);
  const ends = starts.subarray(1);
  for (let tree = 0; tree < ends.length;) {
    const first = starts[tree];
    let count = 0;
    do machine.words[at.roots / 4 + count] = at.trees + nodeBytes * (starts[tree + count++] - first);
    while (tree + count < ends.length && nodeBytes * (ends[tree + count] - first) <= groupBytes);
    machine.bytes.set(table.subarray(nodeBytes * first, nodeBytes * starts[tree + count]), at.trees);
    machine.kernels.addDeepTrees(
      at.rows,
      at.stride,
      at.mask,
      padded(rows),
      at.roots,
      count,
      sets.length > 0 ? at.sets : 0,
      at.sums,
    );
    tree += count;
  }
}
