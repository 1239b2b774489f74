import { Random } from '../../random.js';
import { gradientOf, hessianOf } from '../log-loss.js';
import { compileKernels, type Kernels } from './kernels.js';
import { exp, plainKernels } from './plain.js';

const rows = 3000;
/** Addresses of arrays of as much room as any of them needs. */
const [order, spare, values, gathered, lanes, sums, other, pairs, y, table, lists, out] = Array.from(
  { length: 12 },
  (_, i) => i << 16,
);
const pages = 16;

/** Both kinds of kernels on memories with the same contents, which must be the same afterwards. */
function compare(work: (kernels: Kernels, numbers: Float64Array) => unknown, seed = 1): Float64Array {
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  fill(memory.buffer, new Random(seed));
  const copy = new Uint8Array(memory.buffer).slice().buffer;
  const [found, wanted] = [new Float64Array(memory.buffer), new Float64Array(copy)];
  expect(work(compileKernels(memory), found)).toEqual(work(plainKernels(copy), wanted));
  expect(Buffer.from(copy).equals(Buffer.from(memory.buffer))).toBe(true);
  return found;
}

const packed = (random: Random): number => (random.below(4000) - 2000) * 2 ** 26 + random.below(4000);

function fill(buffer: SharedArrayBuffer, random: Random): void {
  const numbers = (at: number, value: () => number): void =>
    void new Float64Array(buffer, at, rows).forEach((_, i, all) => (all[i] = value()));
  const bytes = (at: number, value: () => number): void =>
    void new Uint8Array(buffer, at, 8 * rows).forEach((_, i, all) => (all[i] = value()));
  const drawn = new Int32Array(buffer, order, rows).map((_, i) => i);
  new Int32Array(buffer, order, rows).set(random.shuffle(drawn));
  for (const at of [values, sums, other, gathered]) numbers(at, () => packed(random));
  numbers(pairs, () => random.float() - 0.5);
  bytes(lanes, () => random.below(200));
  for (const at of [y, table]) bytes(at, () => random.below(2));
  bytes(lists, () => random.below(40));
}

describe('the compiled kernels', () => {
  it('gather and add gradients up by tuple', () => {
    compare((kernels) => {
      kernels.gather(order, 10, 2000, values, gathered);
      const slots = Array.from({ length: 8 }, (_, i) => out + 2048 * i);
      kernels.addEight(lanes, order, 10, 2000, gathered, ...slots);
      kernels.addFour(lanes + 4, 3, order, 10, 2000, gathered, ...slots.slice(2, 6));
      kernels.addFour(lanes, 2, order, 100, 900, gathered, ...slots.slice(0, 4));
    });
  });

  it.each([0, 1, 2, 255])('clear, subtract and spread %i sums', (count) => {
    compare((kernels) => {
      kernels.clear(other, count >> 1);
      kernels.subtract(sums, other, count);
      kernels.spread(sums, lists, lists + 256, count, 12345, 39, out);
    });
  });

  it.each([1, 2, 7, 100])('find the best of %i cuts', (count) => {
    for (let seed = 0; seed < 12; seed++) {
      compare((kernels, numbers) => {
        const total = numbers.subarray(sums / 8, sums / 8 + count + 1).reduce((a, b) => a + b, 0);
        const start = seed % 2 === 0 ? 0 : numbers[sums / 8 + count];
        return kernels.scan(sums, count, start, total, seed % 3, 1 + 100 * (seed % 5), -1, out);
      }, seed);
    }
  });

  it('find the best cut of each feature', () => {
    for (let seed = 0; seed < 10; seed++) {
      compare((kernels, numbers) => {
        const words = new Int32Array(numbers.buffer, table, 8 * 12);
        for (let i = 0; i < 12; i++) {
          const lists8 = [lists + 20 * i, lists + 20 * i + 400, 20, i];
          words.set([8 * 60 * i, 39, [0, 1, 2, 3, 4][i % 5], ...lists8, i >> 1], 8 * i);
        }
        const total = numbers.subarray(sums / 8, sums / 8 + 60).reduce((a, b) => a + b, 0);
        const results = [out + 4096, out + 8192, out + 8292] as const;
        kernels.scanFeatures(table, 12, 1, 5, y, sums, total, 0.5, 2, out, ...results);
      }, seed);
    }
  });

  it('part rows and count their tuples', () => {
    compare((kernels) => {
      kernels.count(lanes + 1, 4, order, 5, 2500, out);
      return kernels.partition(lanes + 1, 4, table, order, 5, 2500, spare);
    });
  });

  it.each([1, 2, 301])('derive and pack the log loss of %i rows', (count) => {
    const numbers = compare((kernels, numbers) => {
      for (let i = 0; i < count; i++) {
        numbers[values / 8 + i] = i === 0 ? 1e9 : i === 1 ? -1e9 : numbers[pairs / 8 + i] * 30;
        numbers[other / 8 + i] = 1 + (i % 3);
      }
      kernels.derive(values, y, other, 0, count, gathered, out);
      kernels.pack(gathered, 0, count, 1e5, 3e5, sums);
    });
    const labels = new Uint8Array(numbers.buffer, y);
    for (let i = 2; i < count; i++) {
      const p = 1 / (1 + Math.exp(-numbers[values / 8 + i]));
      expect(Math.abs(numbers[gathered / 8 + 2 * i] - (1 + (i % 3)) * (p - labels[i]))).toBeLessThan(1e-15);
    }
    // Sums over rows are right to a step, however many rows there are.
    const total = numbers.subarray(sums / 8, sums / 8 + count).reduce((a, b) => a + b, 0);
    const exact = (k: number): number => {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += numbers[gathered / 8 + 2 * i + k];
      return sum;
    };
    expect(Math.abs(gradientOf(total) - 1e5 * exact(0))).toBeLessThan(1);
    expect(Math.abs(hessianOf(total) - 3e5 * exact(1))).toBeLessThan(1);
  });

  it('add up and add to the rows listed', () => {
    compare((kernels) => {
      kernels.sumPairs(order, 0, 1400, gathered, out);
      kernels.addValue(order, 3, 900, 0.1, pairs);
      return kernels.sum(order, 7, 2000, pairs);
    });
  });
});

it('has an exponential function that is right to a unit in the last place or two', () => {
  expect(exp(0)).toBe(1);
  for (let x = -700; x <= 700; x += 3.7) expect(Math.abs(exp(x) / Math.exp(x) - 1)).toBeLessThan(5e-16);
});
