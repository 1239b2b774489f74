import { setWords } from '../forest/category-set.js';
import { type ForestNodes, isCategorical, missingGoesLeft } from '../forest/nodes.js';

/** Cuts that a code of one byte tells apart. */
const mostCuts = 255;

/** How a column becomes codes: by how many of the cuts are below a value, or by whether it is in a set. */
export type CodeSource =
  | { readonly column: number; readonly cuts: Float64Array }
  | { readonly column: number; readonly set: Uint32Array };

/**
 * Codes of one byte for all that a forest asks for. Each source has two slots in a row: in the first, a missing
 * value has the lowest code and so goes left everywhere, in the second the highest. A column of more thresholds
 * than a byte can tell apart has several sources; each set of categories is a source, code 0 going left.
 */
export class CodeBook {
  readonly sources: CodeSource[] = [];
  /** Ascending thresholds of each column, and the number of its first source. */
  private readonly columns = new Map<number, { readonly cuts: Float64Array; readonly first: number }>();
  private readonly sets = new Map<string, number>();

  constructor(private readonly nodes: ForestNodes) {
    for (const [column, thresholds] of thresholdsOf(nodes)) {
      const cuts = Float64Array.from(thresholds).sort();
      this.columns.set(column, { cuts, first: this.sources.length });
      for (let i = 0; i < cuts.length; i += mostCuts) {
        this.sources.push({ column, cuts: cuts.subarray(i, i + mostCuts) });
      }
    }
    nodes.feature.forEach((column, node) => {
      if (column >= 0 && asksCategory(nodes, node)) this.addSet(column, node);
    });
  }

  /** Where the code stands that an inner node asks for, and the last code that goes left. */
  place(node: number): { readonly slot: number; readonly cut: number } {
    const { nodes } = this;
    const column = nodes.feature[node];
    if (asksCategory(nodes, node)) return { slot: 2 * this.sets.get(setKey(nodes, node))!, cut: 0 };
    const { cuts, first } = this.columns.get(column)!;
    const rank = rankOf(nodes.threshold[node], cuts);
    const source = first + Math.floor(rank / mostCuts);
    const missingLeft = (nodes.flags[node] & missingGoesLeft) !== 0;
    return { slot: 2 * source + (missingLeft ? 0 : 1), cut: rank % mostCuts };
  }

  private addSet(column: number, node: number): void {
    const key = setKey(this.nodes, node);
    if (this.sets.has(key)) return;
    this.sets.set(key, this.sources.length);
    this.sources.push({ column, set: setOf(this.nodes, node) });
  }
}

function asksCategory({ flags }: ForestNodes, node: number): boolean {
  return (flags[node] & isCategorical) !== 0;
}

function setOf({ sets, threshold }: ForestNodes, node: number): Uint32Array {
  return sets.subarray(setWords * threshold[node], setWords * (threshold[node] + 1));
}

function setKey(nodes: ForestNodes, node: number): string {
  return `${nodes.feature[node]}:${setOf(nodes, node).join()}`;
}

function thresholdsOf(nodes: ForestNodes): Map<number, Set<number>> {
  const found = new Map<number, Set<number>>();
  nodes.feature.forEach((column, node) => {
    if (column < 0 || asksCategory(nodes, node)) return;
    const thresholds = found.get(column);
    if (thresholds) thresholds.add(nodes.threshold[node]);
    else found.set(column, new Set([nodes.threshold[node]]));
  });
  return found;
}

/** Where `value` stands among the ascending `cuts`, one of which it is. */
function rankOf(value: number, cuts: Float64Array): number {
  let [low, high] = [0, cuts.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cuts[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
