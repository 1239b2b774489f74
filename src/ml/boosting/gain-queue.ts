/** A binary heap of node numbers, the largest gain first, ties by the lower number. */
export class GainQueue {
  private readonly heap: number[] = [];

  constructor(private readonly gain: Float64Array) {}

  get size(): number {
    return this.heap.length;
  }

  clear(): void {
    this.heap.length = 0;
  }

  push(node: number): void {
    const { heap } = this;
    let at = heap.push(node) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.before(node, heap[parent])) break;
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = node;
  }

  /** Takes the node of the largest gain out of a queue that is not empty. */
  pop(): number {
    const { heap } = this;
    const first = heap[0];
    const node = heap[heap.length - 1];
    heap.length--;
    let at = 0;
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && this.before(heap[child + 1], heap[child])) child++;
      if (!this.before(heap[child], node)) break;
      heap[at] = heap[child];
      at = child;
    }
    if (heap.length > 0) heap[at] = node;
    return first;
  }

  private before(a: number, b: number): boolean {
    const { gain } = this;
    return gain[a] > gain[b] || (gain[a] === gain[b] && a < b);
  }
}
