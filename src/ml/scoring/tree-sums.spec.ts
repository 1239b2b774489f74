import fc from 'fast-check';
import { FakeTeam } from '../fixtures/fake-team.js';
import { type ForestNodes, goesLeft, NodeWriter } from '../forest/nodes.js';
import { Matrix } from '../matrix.js';
import { Random } from '../random.js';
import { addByteTrees, packByteTrees } from './byte-trees.js';
import { addDeepTrees } from './deep-trees.js';
import { packNodes, walk } from './packed-nodes.js';
import scoreShares, { type ScoreInput } from './score.task.js';
import { hasKernels } from './tree-kernels.js';
import { TreeSums } from './tree-sums.js';

const columns = 4;
/** The last column holds categories. */
const categorical = 3;

/** Sums by the definition: a step is what `goesLeft` says. */
function sumsOf(nodes: ForestNodes, x: Matrix, from = 0.5): Float64Array {
  return Float64Array.from({ length: x.rows }, (_, row) => {
    let sum = from;
    for (const root of nodes.starts.subarray(0, -1)) {
      let node = root;
      while (nodes.feature[node] >= 0) {
        const left = goesLeft(nodes, node, x.at(row, nodes.feature[node]));
        node = left ? node + 1 : nodes.right[node];
      }
      sum += nodes.value[node];
    }
    return sum;
  });
}

interface ForestShape {
  readonly trees: number;
  readonly leaves: number;
  readonly thresholds: number;
  readonly categories: boolean;
}

function randomForest({ trees, leaves, thresholds, categories }: ForestShape, random: Random): ForestNodes {
  const writer = new NodeWriter();
  const grow = (count: number): number => {
    const node = writer.leaf(random.float() - 0.5, 1);
    if (count === 1) return node;
    const column = random.below(categories ? columns : categorical);
    const missingLeft = random.below(2) === 1;
    if (column === categorical) writer.splitCategories(node, column, randomSet(missingLeft), missingLeft);
    else writer.split(node, column, random.below(thresholds) / 8 - 1, missingLeft);
    const left = 1 + random.below(count - 1);
    grow(left);
    writer.setRight(node, grow(count - left));
    return node;
  };
  const randomSet = (missingLeft: boolean): Uint32Array => {
    const words = Uint32Array.from({ length: 8 }, () => random.below(2 ** 31) * 2 + random.below(2));
    words[7] = missingLeft ? words[7] | 0x80000000 : words[7] & 0x7fffffff;
    return words;
  };
  for (let tree = 0; tree < trees; tree++) {
    writer.startTree();
    grow(leaves);
  }
  return writer.finish();
}

/** Values on thresholds, between and beyond them, missing and infinite ones, and codes that are none. */
function randomRows(rows: number, thresholds: number, random: Random, missing = true): Matrix {
  const strange = [...(missing ? [NaN] : []), Infinity, -Infinity, -0, 1e300, -1e300, 255, 256, 2 ** 32, 2.5];
  const value = (column: number): number => {
    if (random.below(4) === 0) return strange[random.below(strange.length)];
    return column === categorical ? random.below(255) : random.below(2 * thresholds + 2) / 16 - 1;
  };
  const x = new Matrix(rows, columns);
  for (let j = 0; j < columns; j++) x.column(j).forEach((_, i, all) => (all[i] = value(j)));
  return x;
}

const shapes = fc.record({
  trees: fc.integer({ min: 1, max: 12 }),
  leaves: fc.integer({ min: 1, max: 100 }),
  thresholds: fc.constantFrom(3, 40, 2000),
  categories: fc.boolean(),
});
const cases = [shapes, fc.integer({ min: 1, max: 300 }), fc.boolean(), fc.nat()] as const;

/** Checks one way of adding against the definition, over random forests and rows. */
function agrees(add: (nodes: ForestNodes, x: Matrix, out: Float64Array) => void): void {
  fc.assert(
    fc.property(...cases, (shape, rows, missing, seed) => {
      const random = new Random(seed);
      const nodes = randomForest(shape, random);
      const x = randomRows(rows, shape.thresholds, random, missing);
      const out = new Float64Array(rows).fill(0.5);
      add(nodes, x, out);
      expect(out).toEqual(sumsOf(nodes, x));
    }),
    { numRuns: 60 },
  );
}

describe('TreeSums', () => {
  it('walks few rows to the leaves that the definition says', () => {
    agrees((nodes, x, out) => walk(packNodes(nodes, columns), x, out));
  });

  it('adds trees of few leaves, all nodes at once, to the same bits', () => {
    expect(hasKernels()).toBe(true);
    agrees((nodes, x, out) => addByteTrees(packByteTrees(nodes)!, x, 0, x.rows, out));
  });

  it('walks eight rows abreast to the same bits', () => {
    agrees((nodes, x, out) => addDeepTrees(packNodes(nodes, columns), x, 0, x.rows, out));
  });

  it('chooses a way without changing a bit', () => {
    agrees((nodes, x, out) => new TreeSums(nodes, columns).add(x, out));
  });

  it.each([
    ['deep', { trees: 3, leaves: 3000, thresholds: 900, categories: true }, 1500],
    ['of more thresholds than a byte', { trees: 40, leaves: 60, thresholds: 5000, categories: false }, 200],
    ['of more leaves than a byte', { trees: 30, leaves: 257, thresholds: 90, categories: false }, 700],
    ['many and small', { trees: 5000, leaves: 4, thresholds: 2000, categories: true }, 70],
  ])('agrees for trees: %s', (_name, shape, rows) => {
    const random = new Random(1);
    const nodes = randomForest(shape, random);
    const x = randomRows(rows, shape.thresholds, random);
    const out = new Float64Array(rows).fill(0.5);
    new TreeSums(nodes, columns).add(x, out);
    expect(out).toEqual(sumsOf(nodes, x));
  });

  it('takes trees of up to 128 leaves and 8192 slots of codes for small', () => {
    const shape = { trees: 2, leaves: 128, thresholds: 9, categories: false };
    expect(packByteTrees(randomForest(shape, new Random(1)))).not.toBeNull();
    expect(packByteTrees(randomForest({ ...shape, leaves: 129 }, new Random(1)))).toBeNull();
    const sets = { trees: 400, leaves: 100, thresholds: 9, categories: true };
    expect(packByteTrees(randomForest(sets, new Random(1)))).toBeNull();
  });

  it.each([
    ['few leaves', { trees: 400, leaves: 20, thresholds: 40, categories: true }, 6000],
    ['many leaves', { trees: 40, leaves: 400, thresholds: 900, categories: true }, 2700],
  ])('gives a team of any size the same bits, with trees of %s', (_name, shape, rows) => {
    const random = new Random(2);
    const nodes = randomForest(shape, random);
    const x = randomRows(rows, shape.thresholds, random);
    const shared = Matrix.shared(rows, columns);
    shared.data.set(x.data);
    const sums = new TreeSums(nodes, columns);
    const wanted = sumsOf(nodes, x);
    for (const size of [1, 2, 3]) {
      for (const matrix of [x, shared]) {
        let helpers = 0;
        const help = (input: ScoreInput): void => {
          helpers++;
          scoreShares(input);
        };
        const out = new Float64Array(rows).fill(0.5);
        sums.add(matrix, out, new FakeTeam(size, help));
        expect(out).toEqual(wanted);
        expect(helpers).toBe(size - 1);
      }
    }
  });

  it('calls no team for a handful of rows', () => {
    const nodes = randomForest({ trees: 3, leaves: 9, thresholds: 9, categories: true }, new Random(3));
    const x = randomRows(300, 9, new Random(3));
    const out = new Float64Array(300).fill(0.5);
    const nobody = new FakeTeam(2, () => {
      throw new Error('called');
    });
    new TreeSums(nodes, columns).add(x, out, nobody);
    expect(out).toEqual(sumsOf(nodes, x));
  });

  it('adds nothing to no rows', () => {
    const nodes = randomForest({ trees: 2, leaves: 5, thresholds: 9, categories: false }, new Random(4));
    expect(() => new TreeSums(nodes, columns).add(new Matrix(0, columns), new Float64Array(0))).not.toThrow();
  });
});
