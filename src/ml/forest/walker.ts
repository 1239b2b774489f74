import type { ForestNodes } from './nodes.js';

/**
 * Walks rows through a forest over a copy of its nodes in which all that a step reads lies together, 16 bytes
 * a node: the threshold or a leaf's value, the feature with the direction of missing values, the right child.
 */
export class ForestWalker {
  private readonly starts: Int32Array;
  /** Entry 2 i: threshold of node i, or its value at a leaf. */
  private readonly numbers: Float64Array;
  /** Entry 4 i + 2: 2 x feature + missingLeft, -1 at a leaf; 4 i + 3: the right child. */
  private readonly links: Int32Array;

  constructor(nodes: ForestNodes) {
    const size = nodes.feature.length;
    this.starts = nodes.starts;
    this.numbers = new Float64Array(2 * size);
    this.links = new Int32Array(this.numbers.buffer);
    for (let node = 0; node < size; node++) {
      const leaf = nodes.feature[node] < 0;
      this.numbers[2 * node] = leaf ? nodes.value[node] : nodes.threshold[node];
      this.links[4 * node + 2] = leaf ? -1 : 2 * nodes.feature[node] + nodes.missingLeft[node];
      this.links[4 * node + 3] = nodes.right[node];
    }
  }

  /**
   * Adds each tree's leaf value to `out`.
   * @param block rows of `columns` values, row after row, as many as `out` has values
   */
  addTrees(block: Float64Array, columns: number, out: Float64Array): void {
    const { starts, numbers, links } = this;
    for (let tree = 0; tree + 1 < starts.length; tree++) {
      const root = starts[tree];
      for (let i = 0; i < out.length; i++) {
        const row = i * columns;
        let node = root;
        for (let link = links[4 * node + 2]; link >= 0; link = links[4 * node + 2]) {
          const x = block[row + (link >> 1)];
          // NaN is the only number that is not equal to itself.
          const goesLeft = x <= numbers[2 * node] || ((link & 1) === 1 && x !== x);
          node = goesLeft ? node + 1 : links[4 * node + 3];
        }
        out[i] += numbers[2 * node];
      }
    }
  }
}
