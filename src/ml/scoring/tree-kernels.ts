import { kernelBytes } from './kernels/trees.wasm.js';

/** Rows that `addByteTrees` takes at once. */
export const blockRows = 64;

/** The loops that prediction spends its time in, on one memory. Addresses and strides are in bytes. */
export interface TreeKernels {
  /**
   * Replaces values by how many of the `count` cuts (1 to 255, ascending) are below them, minus 128, a byte each.
   * Row i has its code at byte `i & 63` of block `i >> 6`, and 64 bytes on once more: there a missing value has the
   * highest code, and here the lowest.
   */
  encode(values: number, rows: number, cuts: number, count: number, out: number, blockBytes: number): void;
  /** Replaces values by their category codes, a byte each, 255 for what is none. */
  categories(values: number, rows: number, out: number): void;
  /**
   * Replaces category codes by -128 where they are in a set and by -127 where they are not, for each of the `count`
   * sets of 32 bytes, 64 bytes on each time.
   */
  encodeSets(codes: number, rows: number, sets: number, count: number, out: number, blockBytes: number): void;
  /**
   * Adds the leaf values of `count` trees to the 64 sums at `out`; `leaves` is 64 bytes of scratch. A tree is 8 bytes,
   * the length of its nodes and where its leaves' values begin; ./byte-trees.ts says what a node is.
   */
  addByteTrees(
    codes: number,
    nodes: number,
    trees: number,
    count: number,
    values: number,
    leaves: number,
    out: number,
  ): void;
  /** Copies a column into rows: missing values as -Infinity, and `plane` bytes on, if that is not 0, as Infinity. */
  spread(values: number, rows: number, out: number, stride: number, plane: number): void;
  /** Copies a column into rows as category codes, whole numbers of 8 bytes. */
  spreadCategories(values: number, rows: number, out: number, stride: number): void;
  /**
   * Adds the leaf values of trees of packed nodes to the sums at `out`, for a multiple of 8 rows. The `count`
   * addresses of roots are at `starts`; `mask` takes from a link where in a row its value is; `sets` is 0 where no
   * node asks for a category.
   */
  addDeepTrees(
    row: number,
    stride: number,
    mask: number,
    rows: number,
    starts: number,
    count: number,
    sets: number,
    out: number,
  ): void;
}

/** The kernels with their memory, one a thread: what is in it stays only until somebody else needs it. */
export class TreeMachine {
  readonly kernels: TreeKernels;
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  readonly numbers: Float64Array;
  /** What stands at the front of the memory, for whoever put it there and may find it again. */
  resident: object | null = null;

  constructor(module: WebAssembly.Module, pages: number) {
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    this.kernels = new WebAssembly.Instance(module, { env: { memory } }).exports as TreeKernels;
    this.bytes = new Uint8Array(memory.buffer);
    this.words = new Int32Array(memory.buffer);
    this.numbers = new Float64Array(memory.buffer);
  }
}

const pageBytes = 65_536;
let compiled: WebAssembly.Module | null | undefined;
let machine: TreeMachine | undefined;

/** Whether there are kernels: processors of before 2008 lack what WebAssembly's SIMD needs. */
export function hasKernels(): boolean {
  return compileOnce() !== null;
}

/** This thread's machine, with room for `size` bytes. @throws Error where there are no kernels */
export function treeMachine(size: number): TreeMachine {
  if (machine && machine.bytes.length >= size) return machine;
  const module = compileOnce();
  if (!module) throw new Error('WebAssembly without SIMD');
  // A quarter more, so that a few models in turn do not each ask for a little more.
  machine = new TreeMachine(module, Math.ceil((1.25 * size) / pageBytes));
  return machine;
}

function compileOnce(): WebAssembly.Module | null {
  return (compiled = compiled === undefined ? compile() : compiled);
}

function compile(): WebAssembly.Module | null {
  try {
    return new WebAssembly.Module(Uint8Array.from(atob(kernelBytes), (char) => char.charCodeAt(0)));
  } catch {
    return null;
  }
}

/** Deals out addresses, one array after another. */
export class Layout {
  size = 0;

  /** The address of the next `bytes` bytes, on a cache line of its own. */
  place(bytes: number): number {
    const at = this.size;
    this.size += Math.ceil(bytes / 64) * 64;
    return at;
  }
}
