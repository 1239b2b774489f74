import { setWords } from '../forest/category-set.js';
import { type ForestNodes, isCategorical, missingGoesLeft } from '../forest/nodes.js';

/** Cuts that a code of one byte tells apart. */
const mostCuts = 255;

/** How a column becomes codes: by how many of the cuts are below a value, or by which of the sets it is in. */
export interface CodeSource {
  readonly column: number;
  /** The first of its slots. */
  readonly slot: number;
  readonly cuts: Float64Array;
  readonly sets: readonly Uint32Array[];
}

/**
 * Codes of one byte for all that a forest asks for, each in a slot. Cuts have two slots: in the first, a missing
 * value has the lowest code and so goes left everywhere, in the second the highest. A column of more thresholds than
 * a byte can tell apart has several sources. A set of categories has one slot, and code 0 goes left.
 */
export class CodeBook {
  readonly sources: CodeSource[] = [];
  slots = 0;
  /** Ascending thresholds of each column, and its first slot. */
  private readonly columns = new Map<number, { readonly cuts: Float64Array; readonly slot: number }>();
  /** The slot of each set of a column, by its words. */
  private readonly sets = new Map<number, Map<string, number>>();

  constructor(private readonly nodes: ForestNodes) {
    const numeric = new Map<number, Set<number>>();
    const categorical = new Map<number, Map<string, Uint32Array>>();
    nodes.feature.forEach((column, node) => {
      if (column < 0) return;
      if (!asksCategory(nodes, node)) entry(numeric, column, () => new Set()).add(nodes.threshold[node]);
      else entry(categorical, column, () => new Map()).set(setOf(nodes, node).join(), setOf(nodes, node));
    });
    for (const [column, thresholds] of numeric) this.addCuts(column, Float64Array.from(thresholds).sort());
    for (const [column, sets] of categorical) this.addSets(column, sets);
  }

  /** Where the code stands that an inner node asks for, and the last code that goes left. */
  place(node: number): { readonly slot: number; readonly cut: number } {
    const { nodes } = this;
    const column = nodes.feature[node];
    if (asksCategory(nodes, node)) {
      return { slot: this.sets.get(column)!.get(setOf(nodes, node).join())!, cut: 0 };
    }
    const { cuts, slot } = this.columns.get(column)!;
    const rank = rankOf(nodes.threshold[node], cuts);
    const missingRight = (nodes.flags[node] & missingGoesLeft) === 0;
    return { slot: slot + 2 * Math.floor(rank / mostCuts) + Number(missingRight), cut: rank % mostCuts };
  }

  private addCuts(column: number, cuts: Float64Array): void {
    this.columns.set(column, { cuts, slot: this.slots });
    for (let i = 0; i < cuts.length; i += mostCuts) {
      this.sources.push({ column, slot: this.slots, cuts: cuts.subarray(i, i + mostCuts), sets: [] });
      this.slots += 2;
    }
  }

  private addSets(column: number, sets: ReadonlyMap<string, Uint32Array>): void {
    const slots = new Map(Array.from(sets.keys(), (key, i) => [key, this.slots + i]));
    this.sets.set(column, slots);
    this.sources.push({ column, slot: this.slots, cuts: new Float64Array(0), sets: [...sets.values()] });
    this.slots += sets.size;
  }
}

function entry<Value>(map: Map<number, Value>, key: number, make: () => Value): Value {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}

function asksCategory({ flags }: ForestNodes, node: number): boolean {
  return (flags[node] & isCategorical) !== 0;
}

function setOf({ sets, threshold }: ForestNodes, node: number): Uint32Array {
  return sets.subarray(setWords * threshold[node], setWords * (threshold[node] + 1));
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
