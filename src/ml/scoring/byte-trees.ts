import { setWords } from '../forest/category-set.js';
import type { ForestNodes } from '../forest/nodes.js';
import type { Matrix } from '../matrix.js';
import { CodeBook } from './code-book.js';
import { blockRows, Layout, treeMachine, type TreeMachine } from './tree-kernels.js';

/** Beyond, going down the tree costs less than looking at all of its nodes. */
const mostLeaves = 128;
/** Beyond, making the codes costs more than they save. */
const mostSlots = 8192;
/** Rows whose codes are made at once. */
const chunkRows = 512;

const nodeBytes = 8;
const treeBytes = 8;
const setBytes = 4 * setWords;
/** Numbers of a source: its column, its first slot, the address of its cuts or sets, how many cuts, how many sets. */
const sourceFields = 5;

/**
 * Trees of few leaves as `addByteTrees` takes them. It looks at all nodes of a tree, in preorder, for 64 rows at
 * once, and keeps for each row one byte: the first leaf below the node that the row is at. At a node whose first leaf
 * that is, a row whose code is above the node's cut jumps to the first leaf of the right child. This is QuickScorer
 * (Lucchese and others 2015; RapidScorer, Ye and others 2018, for its bytes) with a leaf's number for its bit masks.
 *
 * Bytes of a node: 0 to 3, where the codes that it asks for stand in a block; 4, its cut minus 128; 5, its first
 * leaf; 6, how many leaves the jump is long.
 */
export interface ByteTrees {
  readonly kind: 'bytes';
  /** Cuts, sets, nodes, trees and leaf values as they stand in the machine's memory from its beginning. */
  readonly image: SharedArrayBuffer;
  readonly at: { readonly nodes: number; readonly trees: number; readonly values: number };
  readonly trees: number;
  readonly slots: number;
  readonly sources: Int32Array;
}

/** @returns null for trees that are better walked node after node */
export function packByteTrees(nodes: ForestNodes): ByteTrees | null {
  if (largestTree(nodes) > 2 * mostLeaves - 1) return null;
  const book = new CodeBook(nodes);
  if (book.slots > mostSlots) return null;
  const { starts, feature } = nodes;
  const trees = starts.length - 1;
  const leaves = (feature.length + trees) / 2;
  const layout = new Layout();
  const cuts = layout.place(8 * total(book.sources, ({ cuts }) => cuts.length));
  const sets = layout.place(setBytes * total(book.sources, ({ sets }) => sets.length));
  const at = {
    nodes: layout.place(nodeBytes * (feature.length - leaves)),
    trees: layout.place(treeBytes * trees),
    values: layout.place(8 * leaves),
  };
  const image = new SharedArrayBuffer(layout.size);
  const sources = writeSources(book, image, cuts, sets);
  writeTrees(nodes, book, image, at);
  return { kind: 'bytes', image, at, trees, slots: book.slots, sources };
}

/** Adds each tree's leaf value for rows `from` to `to` - 1 of `x` to `out`. */
export function addByteTrees(model: ByteTrees, x: Matrix, from: number, to: number, out: Float64Array): void {
  const { image, at, trees, slots, sources } = model;
  const blockBytes = blockRows * slots;
  const layout = new Layout();
  layout.place(image.byteLength);
  const values = layout.place(8 * chunkRows);
  const categories = layout.place(chunkRows);
  const leaves = layout.place(blockRows);
  const sums = layout.place(8 * chunkRows);
  const codes = layout.place((chunkRows / blockRows) * blockBytes);
  const machine = treeMachine(layout.size);
  if (machine.resident !== image) machine.bytes.set(new Uint8Array(image));
  machine.resident = image;
  for (; from < to; from += chunkRows) {
    const rows = Math.min(chunkRows, to - from);
    encodeRows(machine, sources, x, from, rows, { values, categories, codes, blockBytes });
    machine.numbers.set(out.subarray(from, from + rows), sums / 8);
    for (let i = 0; i < rows; i += blockRows) {
      const block = codes + (i / blockRows) * blockBytes;
      machine.kernels.addByteTrees(block, at.nodes, at.trees, trees, at.values, leaves, sums + 8 * i);
    }
    out.set(machine.numbers.subarray(sums / 8, sums / 8 + rows), from);
  }
}

interface CodePlaces {
  readonly values: number;
  readonly categories: number;
  readonly codes: number;
  readonly blockBytes: number;
}

function encodeRows(
  { kernels, numbers }: TreeMachine,
  sources: Int32Array,
  x: Matrix,
  from: number,
  rows: number,
  { values, categories, codes, blockBytes }: CodePlaces,
): void {
  for (let i = 0; i < sources.length; i += sourceFields) {
    const start = sources[i] * x.rows + from;
    const out = codes + blockRows * sources[i + 1];
    const address = sources[i + 2];
    const cuts = sources[i + 3];
    const sets = sources[i + 4];
    numbers.set(x.data.subarray(start, start + rows), values / 8);
    if (cuts > 0) kernels.encode(values, rows, address, cuts, out, blockBytes);
    else {
      kernels.categories(values, rows, categories);
      kernels.encodeSets(categories, rows, address, sets, out, blockBytes);
    }
  }
}

function writeSources(
  book: CodeBook,
  image: SharedArrayBuffer,
  nextCuts: number,
  nextSets: number,
): Int32Array {
  const fields = book.sources.map(({ column, slot, cuts, sets }) => {
    const address = cuts.length > 0 ? nextCuts : nextSets;
    new Float64Array(image, nextCuts).set(cuts);
    nextCuts += cuts.byteLength;
    for (const set of sets) {
      new Uint32Array(image, nextSets).set(set);
      nextSets += setBytes;
    }
    return [column, slot, address, cuts.length, sets.length];
  });
  return Int32Array.from(fields.flat());
}

function writeTrees(nodes: ForestNodes, book: CodeBook, image: SharedArrayBuffer, at: ByteTrees['at']): void {
  const { starts, feature, right, value } = nodes;
  const bytes = new Uint8Array(image);
  const words = new Uint32Array(image);
  const values = new Float64Array(image, at.values);
  let end = at.nodes;
  let leaves = 0;
  for (let tree = 0; tree + 1 < starts.length; tree++) {
    const [start, before, ownLeaves] = [starts[tree], end, leaves];
    const firsts = firstLeaves(feature.subarray(start, starts[tree + 1]));
    for (let node = start; node < starts[tree + 1]; node++) {
      if (feature[node] < 0) {
        values[leaves++] = value[node];
        continue;
      }
      const { slot, cut } = book.place(node);
      words[end / 4] = blockRows * slot;
      bytes[end + 4] = cut - 128;
      bytes[end + 5] = firsts[node - start];
      bytes[end + 6] = firsts[right[node] - start] - firsts[node - start];
      end += nodeBytes;
    }
    words[at.trees / 4 + 2 * tree] = end - before;
    words[at.trees / 4 + 2 * tree + 1] = 8 * ownLeaves;
  }
}

/** Of each node of a tree, how many leaves stand before it: the number of the first one below it. */
function firstLeaves(feature: Int32Array): Uint8Array {
  let leaves = 0;
  return Uint8Array.from(feature, (column) => (column < 0 ? leaves++ : leaves));
}

function largestTree({ starts }: ForestNodes): number {
  return starts.reduce((most, start, tree) => Math.max(most, start - (starts[tree - 1] ?? 0)), 0);
}

function total<Item>(items: readonly Item[], count: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + count(item), 0);
}
