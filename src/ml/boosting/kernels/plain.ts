import { hessianOf, packedField } from '../log-loss.js';
import { scanCuts } from '../scan.js';
import type { Kernels } from './kernels.js';

const { abs, floor, max, min } = Math;

/** The kernels in TypeScript, several times slower: what the compiled ones must agree with to the bit. */
export function plainKernels(buffer: ArrayBufferLike): Kernels {
  const bytes = new Uint8Array(buffer);
  const rows = new Uint32Array(buffer);
  const numbers = new Float64Array(buffer);

  const addTuples: Kernels['addFour'] = (lane, shift, order, from, to, gathered, ...slots) => {
    for (let i = from; i < to; i++) {
      const tuples = lane + (rows[order / 4 + i] << shift);
      slots.forEach((slot, k) => (numbers[slot / 8 + bytes[tuples + k]] += numbers[gathered / 8 + i]));
    }
  };

  const kernels: Kernels = {
    gather: (order, from, to, values, out) => {
      for (let i = from; i < to; i++) numbers[out / 8 + i] = numbers[values / 8 + rows[order / 4 + i]];
    },
    addEight: (lane, ...args) => addTuples(lane, 3, ...args),
    addFour: addTuples,
    clear: (at, count) => void numbers.fill(0, at / 8, at / 8 + count),
    subtract: (whole, part, count) => {
      for (let i = 0; i < count; i++) numbers[whole / 8 + i] -= numbers[part / 8 + i];
    },
    spread: (sums, tuples, codes, count, sum, usual, out) => {
      for (let i = 0; i < count; i++) {
        const value = numbers[sums / 8 + bytes[tuples + i]];
        numbers[out / 8 + bytes[codes + i]] += value;
        sum -= value;
      }
      numbers[out / 8 + usual] = sum;
    },
    scan: (sums, values, start, sum, l2, minHessian, best, result) =>
      scanCuts(
        numbers,
        sums / 8,
        values,
        start,
        sum,
        l2,
        minHessian,
        best,
        numbers.subarray(result / 8, result / 8 + 2),
      ),
    scanFeatures: (features, count, first, end, tried, histogram, sum, l2, minHessian, spread, ...out) => {
      const [cuts, codes, ways] = out;
      for (let i = 0; i < count; i++) {
        const [slot, values, flags, unusual, unusualCodes, unusualCount, usual, lane] = rows.subarray(
          features / 4 + 8 * i,
          features / 4 + 8 * i + 8,
        );
        if (lane < first || lane >= end || bytes[tried + i] === 0 || (flags & 4) !== 0) continue;
        let sums = histogram + slot;
        if ((flags & 2) === 0) {
          kernels.clear(spread, values + 1);
          kernels.spread(sums, unusual, unusualCodes, unusualCount, sum, usual, spread);
          sums = spread;
        }
        const missing = (flags & 1) === 1 ? numbers[sums / 8 + values] : 0;
        const cut = cuts + 16 * i;
        numbers[cut / 8] = -1;
        const code = kernels.scan(sums, values, 0, sum, l2, minHessian, -1, cut);
        if (code >= 0) {
          bytes[codes + i] = code;
          const heavierLeft = 2 * hessianOf(numbers[cut / 8 + 1]) > hessianOf(sum) + 2;
          bytes[ways + i] = missing === 0 && heavierLeft ? 1 : 0;
        }
        if (missing === 0) continue;
        const other = kernels.scan(sums, values, missing, sum, l2, minHessian, numbers[cut / 8], cut);
        if (other < 0) continue;
        bytes[codes + i] = other;
        bytes[ways + i] = 1;
      }
    },
    partition: (lane, stride, table, order, from, to, spare) => {
      let moved = 0;
      for (let i = from; i < to; i++) {
        const row = rows[order / 4 + i];
        rows[order / 4 + from + moved] = row;
        rows[spare / 4 + i - moved] = row;
        moved += bytes[table + bytes[lane + stride * row]];
      }
      return moved;
    },
    count: (lane, stride, order, from, to, out) => {
      for (let i = from; i < to; i++) rows[out / 4 + bytes[lane + stride * rows[order / 4 + i]]]++;
    },
    derive: (scores, y, weight, from, to, out, sums) => {
      let [gradients, hessians] = [0, 0];
      for (let i = from; i < to; i++) {
        const p = 1 / (1 + exp(-max(-700, min(700, numbers[scores / 8 + i]))));
        const w = numbers[weight / 8 + i];
        const g = w * (p - bytes[y + i]);
        const h = w * p * (1 - p);
        numbers[out / 8 + 2 * i] = g;
        numbers[out / 8 + 2 * i + 1] = h;
        gradients += abs(g);
        hessians += h;
      }
      numbers[sums / 8] = gradients;
      numbers[sums / 8 + 1] = hessians;
    },
    pack: (derivatives, from, to, gradientScale, hessianScale, out) => {
      let [gradientLeft, hessianLeft] = [0.5, 0.5];
      for (let i = from; i < to; i++) {
        gradientLeft += numbers[derivatives / 8 + 2 * i] * gradientScale;
        hessianLeft += numbers[derivatives / 8 + 2 * i + 1] * hessianScale;
        const g = floor(gradientLeft);
        const h = floor(hessianLeft);
        numbers[out / 8 + i] = g * packedField + h;
        gradientLeft -= g;
        hessianLeft -= h;
      }
    },
    sumPairs: (order, from, to, pairs, out) => {
      let [a, b] = [0, 0];
      for (let i = from; i < to; i++) {
        const at = pairs / 8 + 2 * rows[order / 4 + i];
        a += numbers[at];
        b += numbers[at + 1];
      }
      numbers[out / 8] = a;
      numbers[out / 8 + 1] = b;
    },
    sum: (order, from, to, values) => {
      let total = 0;
      for (let i = from; i < to; i++) total += numbers[values / 8 + rows[order / 4 + i]];
      return total;
    },
    addValue: (order, from, to, value, out) => {
      for (let i = from; i < to; i++) numbers[out / 8 + rows[order / 4 + i]] += value;
    },
  };
  return kernels;
}

const power = new Float64Array(1);
const powerBits = new Int32Array(power.buffer);

/** e^x, of |x| <= 708, the same on every platform, which `Math.exp` need not be: see kernels.as. */
export function exp(x: number): number {
  // Adding 1.5 x 2^52 rounds to a whole number.
  const magic = 6755399441055744;
  const n = x * 1.4426950408889634 + magic - magic;
  const r = x - n * 0.6931471803691238 - n * 1.9082149292705877e-10;
  const r2 = r * r;
  const r4 = r2 * r2;
  const a = 1 + r + r2 * (0.5 + 1.6666666666666666e-1 * r);
  const b = 4.1666666666666664e-2 + 8.333333333333333e-3 * r + r2 * (1.388888888888889e-3 + 1.984126984126984e-4 * r); // prettier-ignore
  const c = 2.48015873015873e-5 + 2.7557319223985893e-6 * r + r2 * (2.755731922398589e-7 + 2.505210838544172e-8 * r); // prettier-ignore
  const d = r4 * (2.08767569878681e-9 + 1.6059043836821613e-10 * r);
  powerBits[1] = (n + 1023) << 20;
  return (a + r4 * b + r4 * r4 * (c + d)) * power[0];
}
