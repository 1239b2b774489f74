// The inner loops of gradient boosting, in AssemblyScript. `plain.ts` is the same in TypeScript, function by
// function and operation by operation: results agree to the bit. All addresses are bytes in the shared memory.

/** Gradients are packed as gradient x 2^26 + Hessian: see ../log-loss.ts. */
const field: f64 = 67108864;

// @ts-ignore: decorator
@inline
function row(order: usize, i: i32): usize {
  return <usize>load<u32>(order + (<usize>i << 2));
}

// @ts-ignore: decorator
@inline
function add(slot: usize, value: f64): void {
  store<f64>(slot, load<f64>(slot) + value);
}

export function gather(order: usize, from: i32, to: i32, values: usize, out: usize): void {
  for (let i = from; i < to; i++) {
    store<f64>(out + (<usize>i << 3), load<f64>(values + (row(order, i) << 3)));
  }
}

export function addEight(
  lane: usize, order: usize, from: i32, to: i32, values: usize,
  a: usize, b: usize, c: usize, d: usize, e: usize, f: usize, g: usize, h: usize,
): void {
  for (let i = from; i < to; i++) {
    const at = lane + (row(order, i) << 3);
    const low = load<u32>(at);
    const high = load<u32>(at, 4);
    const value = load<f64>(values + (<usize>i << 3));
    add(a + ((low & 255) << 3), value);
    add(b + (((low >>> 8) & 255) << 3), value);
    add(c + (((low >>> 16) & 255) << 3), value);
    add(d + ((low >>> 24) << 3), value);
    add(e + ((high & 255) << 3), value);
    add(f + (((high >>> 8) & 255) << 3), value);
    add(g + (((high >>> 16) & 255) << 3), value);
    add(h + ((high >>> 24) << 3), value);
  }
}

export function addFour(
  lane: usize, shift: i32, order: usize, from: i32, to: i32, values: usize,
  a: usize, b: usize, c: usize, d: usize,
): void {
  for (let i = from; i < to; i++) {
    const word = load<u32>(lane + (row(order, i) << shift));
    const value = load<f64>(values + (<usize>i << 3));
    add(a + ((word & 255) << 3), value);
    add(b + (((word >>> 8) & 255) << 3), value);
    add(c + (((word >>> 16) & 255) << 3), value);
    add(d + ((word >>> 24) << 3), value);
  }
}

export function clear(at: usize, count: i32): void {
  memory.fill(at, 0, <usize>count << 3);
}

export function subtract(whole: usize, part: usize, count: i32): void {
  const pairs = count & ~1;
  for (let i = 0; i < pairs; i += 2) {
    const at = <usize>i << 3;
    v128.store(whole + at, f64x2.sub(v128.load(whole + at), v128.load(part + at)));
  }
  if (pairs < count) {
    const at = <usize>pairs << 3;
    store<f64>(whole + at, load<f64>(whole + at) - load<f64>(part + at));
  }
}

export function spread(sums: usize, tuples: usize, codes: usize, count: i32, sum: f64, usual: i32, out: usize): void {
  let rest = sum;
  for (let i = 0; i < count; i++) {
    const value = load<f64>(sums + (<usize>load<u8>(tuples + i) << 3));
    add(out + (<usize>load<u8>(codes + i) << 3), value);
    rest -= value;
  }
  store<f64>(out + (<usize>usual << 3), rest);
}

export function scan(
  sums: usize, values: i32, start: f64, sum: f64, l2: f64, minHessian: f64, best: f64, result: usize,
): i32 {
  const gradientSum = Math.floor(sum / field);
  const hessianSum = sum - field * gradientSum;
  let left = start;
  let bestCode = -1;
  for (let code = 0; code < values; code += 2) {
    const at = sums + (<usize>code << 3);
    const first = left + load<f64>(at);
    left = code + 1 < values ? first + load<f64>(at, 8) : first;
    const both = f64x2.replace_lane(f64x2.splat(first), 1, left);
    const gradient = f64x2.floor(f64x2.mul(both, f64x2.splat(1 / field)));
    const hessian = f64x2.sub(both, f64x2.mul(f64x2.splat(field), gradient));
    const hessianRight = f64x2.sub(f64x2.splat(hessianSum), hessian);
    if (f64x2.extract_lane(hessianRight, 0) < minHessian) break;
    const gradientRight = f64x2.sub(f64x2.splat(gradientSum), gradient);
    const below = f64x2.add(hessian, f64x2.splat(l2));
    const belowRight = f64x2.add(hessianRight, f64x2.splat(l2));
    const above = f64x2.add(
      f64x2.mul(f64x2.mul(gradient, gradient), belowRight),
      f64x2.mul(f64x2.mul(gradientRight, gradientRight), below),
    );
    const score = f64x2.div(above, f64x2.mul(below, belowRight));
    const enough = v128.and(
      f64x2.ge(hessian, f64x2.splat(minHessian)),
      f64x2.ge(hessianRight, f64x2.splat(minHessian)),
    );
    const better = v128.and(enough, f64x2.gt(score, f64x2.splat(best)));
    if (!v128.any_true(better)) continue;
    if (i64x2.extract_lane(better, 0) != 0) {
      best = f64x2.extract_lane(score, 0);
      bestCode = code;
      store<f64>(result, best);
      store<f64>(result, first, 8);
    }
    if (i64x2.extract_lane(better, 1) != 0 && f64x2.extract_lane(score, 1) > best) {
      best = f64x2.extract_lane(score, 1);
      bestCode = code + 1;
      store<f64>(result, best);
      store<f64>(result, left, 8);
    }
  }
  return bestCode;
}

export function scanFeatures(
  features: usize, count: i32, firstLane: i32, endLane: i32, tried: usize, histogram: usize,
  sum: f64, l2: f64, minHessian: f64, spreadSums: usize, cuts: usize, codes: usize, ways: usize,
): void {
  const hessianSum = sum - field * Math.floor(sum / field);
  for (let i = 0; i < count; i++) {
    const feature = features + (<usize>i << 5);
    const lane = load<i32>(feature, 28);
    const flags = load<u32>(feature, 8);
    if (lane < firstLane || lane >= endLane || !load<u8>(tried + i) || (flags & 4)) continue;
    const values = load<i32>(feature, 4);
    let sums = histogram + load<u32>(feature);
    if (!(flags & 2)) {
      clear(spreadSums, values + 1);
      spread(
        sums, load<u32>(feature, 12), load<u32>(feature, 16), load<i32>(feature, 20),
        sum, load<i32>(feature, 24), spreadSums,
      );
      sums = spreadSums;
    }
    const missing: f64 = flags & 1 ? load<f64>(sums + (<usize>values << 3)) : 0;
    const cut = cuts + (<usize>i << 4);
    store<f64>(cut, -1);
    const code = scan(sums, values, 0, sum, l2, minHessian, -1, cut);
    if (code >= 0) {
      store<u8>(codes + i, <u8>code);
      const left = load<f64>(cut, 8);
      const hessianLeft = left - field * Math.floor(left / field);
      store<u8>(ways + i, <u8>(missing == 0 && 2 * hessianLeft > hessianSum + 2));
    }
    if (missing == 0) continue;
    const other = scan(sums, values, missing, sum, l2, minHessian, load<f64>(cut), cut);
    if (other < 0) continue;
    store<u8>(codes + i, <u8>other);
    store<u8>(ways + i, 1);
  }
}

export function partition(
  lane: usize, stride: i32, table: usize, order: usize, from: i32, to: i32, spare: usize,
): i32 {
  let moved = 0;
  for (let i = from; i < to; i++) {
    const at = row(order, i);
    store<u32>(order + (<usize>(from + moved) << 2), <u32>at);
    store<u32>(spare + (<usize>(i - moved) << 2), <u32>at);
    moved += load<u8>(table + load<u8>(lane + at * <usize>stride));
  }
  return moved;
}

export function count(lane: usize, stride: i32, order: usize, from: i32, to: i32, out: usize): void {
  for (let i = from; i < to; i++) {
    const slot = out + (<usize>load<u8>(lane + row(order, i) * <usize>stride) << 2);
    store<u32>(slot, load<u32>(slot) + 1);
  }
}

// @ts-ignore: decorator
@inline
function pair(r: v128, low: f64, high: f64): v128 {
  return f64x2.add(f64x2.splat(low), f64x2.mul(f64x2.splat(high), r));
}

/**
 * e^x, of |x| <= 708: 2^n e^r with the Taylor series of e^r, |r| <= ln 2 / 2, to the 13th power, by Estrin's scheme:
 * its sums do not wait for each other.
 */
// @ts-ignore: decorator
@inline
function exp(x: v128): v128 {
  const magic = f64x2.splat(6755399441055744);
  const shifted = f64x2.add(f64x2.mul(x, f64x2.splat(1.4426950408889634)), magic);
  const n = f64x2.sub(shifted, magic);
  const high = f64x2.sub(x, f64x2.mul(n, f64x2.splat(0.6931471803691238)));
  const r = f64x2.sub(high, f64x2.mul(n, f64x2.splat(1.9082149292705877e-10)));
  const r2 = f64x2.mul(r, r);
  const r4 = f64x2.mul(r2, r2);
  const a = f64x2.add(pair(r, 1, 1), f64x2.mul(r2, pair(r, 0.5, 1.6666666666666666e-1)));
  const b = f64x2.add(
    pair(r, 4.1666666666666664e-2, 8.333333333333333e-3),
    f64x2.mul(r2, pair(r, 1.388888888888889e-3, 1.984126984126984e-4)),
  );
  const c = f64x2.add(
    pair(r, 2.48015873015873e-5, 2.7557319223985893e-6),
    f64x2.mul(r2, pair(r, 2.755731922398589e-7, 2.505210838544172e-8)),
  );
  const d = f64x2.mul(r4, pair(r, 2.08767569878681e-9, 1.6059043836821613e-10));
  const sum = f64x2.add(f64x2.add(a, f64x2.mul(r4, b)), f64x2.mul(f64x2.mul(r4, r4), f64x2.add(c, d)));
  const power = i64x2.shl(i64x2.add(shifted, i64x2.splat(1023)), 52);
  return f64x2.mul(sum, power);
}

// @ts-ignore: decorator
@inline
function deriveRow(p: f64, w: f64, y: u32, out: usize): v128 {
  const both = f64x2.replace_lane(f64x2.splat(w * (p - <f64>y)), 1, w * p * (1 - p));
  v128.store(out, both);
  return f64x2.abs(both);
}

export function derive(
  scores: usize, y: usize, weight: usize, from: i32, to: i32, out: usize, sums: usize,
): void {
  const most = f64x2.splat(700);
  const one = f64x2.splat(1);
  let total = f64x2.splat(0);
  for (let i = from; i < to; i += 2) {
    const at = <usize>i << 3;
    const score = f64x2.pmax(f64x2.neg(most), f64x2.pmin(most, v128.load(scores + at)));
    const p = f64x2.div(one, f64x2.add(one, exp(f64x2.neg(score))));
    const to0 = out + 2 * at;
    total = f64x2.add(total, deriveRow(f64x2.extract_lane(p, 0), load<f64>(weight + at), load<u8>(y + i), to0));
    if (i + 1 === to) break;
    const w = load<f64>(weight + at, 8);
    total = f64x2.add(total, deriveRow(f64x2.extract_lane(p, 1), w, load<u8>(y + i, 1), to0 + 16));
  }
  v128.store(sums, total);
}

export function pack(
  derivatives: usize, from: i32, to: i32, gradientScale: f64, hessianScale: f64, out: usize,
): void {
  const scale = f64x2.replace_lane(f64x2.splat(gradientScale), 1, hessianScale);
  let left = f64x2.splat(0.5);
  for (let i = from; i < to; i++) {
    const at = <usize>i << 3;
    left = f64x2.add(left, f64x2.mul(v128.load(derivatives + 2 * at), scale));
    const whole = f64x2.floor(left);
    store<f64>(out + at, f64x2.extract_lane(whole, 0) * field + f64x2.extract_lane(whole, 1));
    left = f64x2.sub(left, whole);
  }
}

export function sumPairs(order: usize, from: i32, to: i32, pairs: usize, out: usize): void {
  let total = f64x2.splat(0);
  for (let i = from; i < to; i++) total = f64x2.add(total, v128.load(pairs + (row(order, i) << 4)));
  v128.store(out, total);
}

export function sum(order: usize, from: i32, to: i32, values: usize): f64 {
  let total: f64 = 0;
  for (let i = from; i < to; i++) total += load<f64>(values + (row(order, i) << 3));
  return total;
}

export function addValue(order: usize, from: i32, to: i32, value: f64, out: usize): void {
  for (let i = from; i < to; i++) add(out + (row(order, i) << 3), value);
}
