// The inner loops of prediction, in AssemblyScript. What they must agree with to the bit is `walk` in
// ../packed-nodes.ts. All addresses are bytes; ../tree-kernels.ts says what each function does.

/** Rows of a block: what four registers of 16 bytes hold. */
const lanes: usize = 64;

// --- Trees of few leaves, all nodes at once -------------------------------------------------------------------

export function encode(values: usize, rows: usize, cuts: usize, count: usize, out: usize, blockBytes: usize): void {
  for (let i: usize = 0; i < rows; i++) {
    const value = load<f64>(values + (i << 3));
    let low = cuts;
    for (let length = count; length > 1; ) {
      const half = length >> 1;
      const middle = low + (half << 3);
      low = select(middle, low, load<f64>(middle - 8) < value);
      length -= half;
    }
    const code = ((low - cuts) >> 3) + usize(load<f64>(low) < value);
    const at = out + (i / lanes) * blockBytes + (i % lanes);
    store<u8>(at, <u8>(code - 128));
    // NaN is below no cut, and so its code is 0 by now.
    store<u8>(at + lanes, <u8>(select(count, code, value != value) - 128));
  }
}

export function categories(values: usize, rows: usize, out: usize): void {
  for (let i: usize = 0; i < rows; i++) {
    const value = load<f64>(values + (i << 3));
    const code = <u32>value;
    store<u8>(out + i, <u8>select<u32>(code, 255, f64(code) == value && code < 255));
  }
}

export function encodeSets(
  codes: usize, rows: usize, sets: usize, count: usize, out: usize, blockBytes: usize,
): void {
  const bits = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0);
  const end = sets + (count << 5);
  for (let i: usize = 0; i < rows; i += 16) {
    const code = v128.load(codes + i);
    // Beyond its 16 bytes a look-up gives 0.
    const byte = i8x16.shr_u(code, 3);
    const upper = i8x16.sub(byte, i8x16.splat(16));
    const bit = i8x16.swizzle(bits, v128.and(code, i8x16.splat(7)));
    let at = out + (i / lanes) * blockBytes + (i % lanes);
    for (let set = sets; set < end; set += 32, at += lanes) {
      const found = v128.or(i8x16.swizzle(v128.load(set), byte), i8x16.swizzle(v128.load(set, 16), upper));
      const isLeft = i8x16.eq(v128.and(found, bit), bit);
      v128.store(at, i8x16.add(i8x16.splat(-127), isLeft));
    }
  }
}

// @ts-ignore: decorator
@inline
function turn(leaf: v128, codes: v128, cut: v128, first: v128, jump: v128): v128 {
  return i8x16.add(leaf, v128.and(jump, v128.and(i8x16.eq(leaf, first), i8x16.gt_s(codes, cut))));
}

// @ts-ignore: decorator
@inline
function addPair(out: usize, values: usize, leaves: usize): void {
  const one = v128.load_zero<u64>(values + (<usize>load<u8>(leaves) << 3));
  const both = v128.load_lane<u64>(values + (<usize>load<u8>(leaves, 1) << 3), one, 1);
  v128.store(out, f64x2.add(v128.load(out), both));
}

export function addByteTrees(
  codes: usize, nodes: usize, trees: usize, count: usize, values: usize, leaves: usize, out: usize,
): void {
  for (const end = trees + (count << 3); trees < end; trees += 8) {
    let a = i8x16.splat(0);
    let b = a;
    let c = a;
    let d = a;
    for (const last = nodes + <usize>load<u32>(trees); nodes < last; nodes += 8) {
      const at = codes + <usize>load<u32>(nodes);
      const cut = v128.load_splat<u8>(nodes, 4);
      const first = v128.load_splat<u8>(nodes, 5);
      const jump = v128.load_splat<u8>(nodes, 6);
      a = turn(a, v128.load(at), cut, first, jump);
      b = turn(b, v128.load(at, 16), cut, first, jump);
      c = turn(c, v128.load(at, 32), cut, first, jump);
      d = turn(d, v128.load(at, 48), cut, first, jump);
    }
    v128.store(leaves, a);
    v128.store(leaves, b, 16);
    v128.store(leaves, c, 32);
    v128.store(leaves, d, 48);
    const own = values + <usize>load<u32>(trees, 4);
    for (let i: usize = 0; i < lanes; i += 2) addPair(out + (i << 3), own, leaves + i);
  }
}

// --- Trees of many leaves, node after node, eight rows side by side ---------------------------------------------

export function spread(values: usize, rows: usize, out: usize, stride: usize, plane: usize): void {
  for (let i: usize = 0; i < rows; i++, out += stride) {
    const value = load<f64>(values + (i << 3));
    // With one plane only, the second value overwrites the first, and both are the value.
    store<f64>(out, select(value, -Infinity, value == value));
    store<f64>(out + plane, select(value, Infinity, value == value));
  }
}

export function spreadCategories(values: usize, rows: usize, out: usize, stride: usize): void {
  for (let i: usize = 0; i < rows; i++, out += stride) {
    const value = load<f64>(values + (i << 3));
    const code = <u32>value;
    store<u64>(out, select<u32>(code, 255, f64(code) == value && code < 255));
  }
}

// @ts-ignore: decorator
@inline
function step(row: usize, node: usize, mask: u32, sets: usize): usize {
  const link = load<u32>(node, 8);
  const at = row + <usize>(link & mask);
  let isLeft = u32(load<f64>(at) <= load<f64>(node));
  if (sets) {
    // Without a branch, which nobody could predict: a node that asks for no category looks into set 0 in vain.
    const code = load<u32>(at) & 255;
    const word = load<u32>(sets + <usize>(load<u32>(node) & (0 - (link & 1))) + ((code >> 5) << 2));
    isLeft = select((word >> (code & 31)) & 1, isLeft, link & 1);
  }
  return node + 16 + (<usize>load<u32>(node, 12) & (<usize>isLeft - 1));
}

// @ts-ignore: decorator
@inline
function addEightRows(row: usize, stride: usize, mask: u32, tree: usize, sets: usize, out: usize): void {
  const rowB = row + stride;
  const rowC = rowB + stride;
  const rowD = rowC + stride;
  const rowE = rowD + stride;
  const rowF = rowE + stride;
  const rowG = rowF + stride;
  const rowH = rowG + stride;
  let a = tree;
  let b = a;
  let c = a;
  let d = a;
  let e = a;
  let f = a;
  let g = a;
  let h = a;
  // A leaf leads to itself, and so the walk is over when a level moves no row. Only each third is looked at.
  for (let moved: usize = 1; moved; ) {
    for (let level = 0; level < 2; level++) {
      a = step(row, a, mask, sets);
      b = step(rowB, b, mask, sets);
      c = step(rowC, c, mask, sets);
      d = step(rowD, d, mask, sets);
      e = step(rowE, e, mask, sets);
      f = step(rowF, f, mask, sets);
      g = step(rowG, g, mask, sets);
      h = step(rowH, h, mask, sets);
    }
    moved = a ^ (a = step(row, a, mask, sets));
    moved |= b ^ (b = step(rowB, b, mask, sets));
    moved |= c ^ (c = step(rowC, c, mask, sets));
    moved |= d ^ (d = step(rowD, d, mask, sets));
    moved |= e ^ (e = step(rowE, e, mask, sets));
    moved |= f ^ (f = step(rowF, f, mask, sets));
    moved |= g ^ (g = step(rowG, g, mask, sets));
    moved |= h ^ (h = step(rowH, h, mask, sets));
  }
  store<f64>(out, load<f64>(out) + load<f64>(a));
  store<f64>(out, load<f64>(out, 8) + load<f64>(b), 8);
  store<f64>(out, load<f64>(out, 16) + load<f64>(c), 16);
  store<f64>(out, load<f64>(out, 24) + load<f64>(d), 24);
  store<f64>(out, load<f64>(out, 32) + load<f64>(e), 32);
  store<f64>(out, load<f64>(out, 40) + load<f64>(f), 40);
  store<f64>(out, load<f64>(out, 48) + load<f64>(g), 48);
  store<f64>(out, load<f64>(out, 56) + load<f64>(h), 56);
}

export function addDeepTrees(
  row: usize, stride: usize, mask: u32, rows: usize, starts: usize, count: usize, sets: usize, out: usize,
): void {
  const end = starts + (count << 2);
  for (let i: usize = 0; i < rows; i += 8) {
    // Twice, so that trees without categories pay nothing for them.
    if (sets) for (let at = starts; at < end; at += 4) addEightRows(row, stride, mask, load<u32>(at), sets, out);
    else for (let at = starts; at < end; at += 4) addEightRows(row, stride, mask, load<u32>(at), 0, out);
    row += stride << 3;
    out += 64;
  }
}
