// Taken out once: in a VM context, as tests run in, looking up a global costs more than the draw itself.
const { floor, imul } = Math;

/**
 * xoshiro128** 1.1 (Blackman and Vigna, 2018), seeded through splitmix32: 32-bit integer arithmetic only,
 * so a seed gives the same sequence on every platform.
 */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private d: number;

  constructor(seed: number) {
    let state = seed >>> 0;
    const next = (): number => {
      state = (state + 0x9e3779b9) | 0;
      let z = state ^ (state >>> 16);
      z = imul(z, 0x21f0aaad);
      z ^= z >>> 15;
      z = imul(z, 0x735a2d97);
      return (z ^ (z >>> 15)) >>> 0;
    };
    this.a = next();
    this.b = next();
    this.c = next();
    this.d = next();
  }

  /** Uniform integer in [0, 2^32). */
  uint32(): number {
    const s1 = imul(this.b, 5);
    const result = imul((s1 << 7) | (s1 >>> 25), 9) >>> 0;
    const t = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= t;
    this.d = (this.d << 11) | (this.d >>> 21);
    return result;
  }

  /** Uniform in [0, 1), 32 bits of it. */
  float(): number {
    return this.uint32() / 4294967296;
  }

  /** Uniform integer in [0, bound); bias at most bound / 2^32. */
  below(bound: number): number {
    return floor(this.float() * bound);
  }

  /** Fisher-Yates, in place. */
  shuffle<T extends { length: number; [index: number]: number }>(values: T): T {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const kept = values[i];
      values[i] = values[j];
      values[j] = kept;
    }
    return values;
  }
}

/** An independent seed for part `index` of the work that `seed` drives (a tree, a fold, a resample). */
export function deriveSeed(seed: number, index: number): number {
  let z = (imul(seed | 0, 0x9e3779b1) ^ imul(index + 1, 0x85ebca6b)) | 0;
  z = imul(z ^ (z >>> 16), 0x7feb352d);
  z = imul(z ^ (z >>> 15), 0x846ca68b);
  return (z ^ (z >>> 16)) >>> 0;
}
