import type { FitMemory } from './fit-memory.js';

/** Which node has which histogram. There may be fewer histograms than nodes that wait to be split. */
export class HistogramPool {
  private readonly free: number[] = [];
  private readonly taken = new Map<number, number>();

  constructor(private readonly shared: FitMemory) {}

  /** Takes all histograms back. */
  clear(): void {
    const { at, histograms, histogramSize } = this.shared;
    this.taken.clear();
    this.free.length = 0;
    for (let i = histograms - 1; i >= 0; i--) this.free.push(at.histograms + i * histogramSize);
  }

  has(node: number): boolean {
    return this.taken.has(node);
  }

  /** Address of the node's histogram. */
  of(node: number): number {
    return this.taken.get(node)!;
  }

  take(node: number): void {
    this.taken.set(node, this.free.pop()!);
  }

  /** Gives a node's histogram to another node. */
  move(from: number, to: number): void {
    this.taken.set(to, this.of(from));
    this.taken.delete(from);
  }

  /** Leaves the node its histogram while two more splits can be worked on, and takes it back otherwise. */
  keep(node: number): void {
    if (this.free.length < 2) this.release(node);
  }

  release(node: number): void {
    const histogram = this.taken.get(node);
    if (histogram !== undefined) this.free.push(histogram);
    this.taken.delete(node);
  }
}
