import { ModelStateError, type StateArray } from '../learner.js';
import { bytesOf, newArray, typeOf } from './array-forms.js';

type Arrays = Readonly<Record<string, StateArray>>;

/** How the entries of a node array that are left out follow from those that are stored. */
interface Rule {
  readonly storedAtLeaves: boolean;
  /** The entry of a node whose children's stand in `array` already. */
  readonly fill: (array: StateArray, node: number, right: number, cover: StateArray) => number;
}

const rules = {
  /** A leaf has none. */
  inner: { storedAtLeaves: false, fill: () => 0 },
  /** An inner node has none. */
  leaves: { storedAtLeaves: true, fill: () => 0 },
  /** What reaches a node goes on to its children. */
  sum: { storedAtLeaves: true, fill: (array, node, right) => array[node + 1] + array[right] },
  /** Shares of threats among rows that count 1 each: whole numbers of threats add up. */
  share: {
    storedAtLeaves: true,
    fill: (array, node, right, cover) => {
      const threats = (child: number): number => Math.round(array[child] * cover[child]);
      return (threats(node + 1) + threats(right)) / cover[node];
    },
  },
} as const satisfies Record<string, Rule>;
type RuleName = keyof typeof rules;

/** The rules that may hold for an array of `ForestNodes`, likeliest first; `share` needs the covers before it. */
const candidates: readonly (readonly [string, readonly RuleName[]])[] = [
  ['threshold', ['inner']],
  ['flags', ['inner']],
  ['cover', ['sum']],
  ['value', ['leaves', 'share']],
];

/** Arrays of a model state without what follows from the rest, and by which rules it follows. */
export interface Folded {
  readonly arrays: Arrays;
  /** Null where nothing was left out: the arrays are no trees in preorder. */
  readonly trees: Readonly<Record<string, RuleName>> | null;
}

/**
 * Leaves out of the arrays of `ForestNodes` what follows from the rest: the right children, and of the other
 * arrays the entries that a rule gives back bit for bit. A rule that does not hold for a model is not used on
 * it, and arrays of other names stay.
 */
export function foldTrees(arrays: Arrays): Folded {
  const { feature, right, ...rest } = arrays;
  if (!isIntegers(feature) || !isIntegers(right)) return { arrays, trees: null };
  const children = rightChildren(feature);
  if (children === null || !sameBits(children, right)) return { arrays, trees: null };
  const cover = rest.cover ?? new Float64Array(feature.length);
  const trees: Record<string, RuleName> = {};
  const folded: Record<string, StateArray> = { feature, ...rest };
  for (const [name, names] of candidates) {
    const array = arrays[name];
    if (array?.length !== feature.length) continue;
    const held = names.find((rule) => {
      const stored = entriesAt(array, feature, rules[rule].storedAtLeaves);
      return sameBits(unfold(stored, rules[rule], feature, right, cover), array);
    });
    if (held === undefined) continue;
    trees[name] = held;
    folded[name] = entriesAt(array, feature, rules[held].storedAtLeaves);
  }
  return { arrays: folded, trees };
}

/** Undoes `foldTrees`. @throws ModelStateError when the arrays cannot be what it returned */
export function unfoldTrees({ arrays, trees }: { arrays: Arrays; trees: unknown }): Arrays {
  if (trees === null) return arrays;
  const { feature } = arrays;
  if (typeof trees !== 'object' || trees === null || !isIntegers(feature)) throw broken();
  const right = rightChildren(feature);
  if (right === null) throw broken();
  const unfolded: Record<string, StateArray> = { ...arrays, right };
  for (const [name, names] of candidates) {
    if (!Object.hasOwn(trees, name)) continue;
    const rule = names.find((one) => one === (trees as Record<string, unknown>)[name]);
    if (rule === undefined || !Object.hasOwn(arrays, name)) throw broken();
    const cover = unfolded.cover ?? new Float64Array(feature.length);
    unfolded[name] = unfold(arrays[name], rules[rule], feature, right, cover);
  }
  return unfolded;
}

/** By tag, for an array of another thread or context is no `instanceof` this one's types. */
function isIntegers(array: StateArray | undefined): array is Int32Array {
  return array?.[Symbol.toStringTag] === 'Int32Array';
}

function broken(): ModelStateError {
  return new ModelStateError('it holds trees that cannot be put together');
}

/**
 * The right child of every inner node of trees in preorder, 0 at leaves; null where they are no whole trees.
 * From the end, the roots of the subtrees that still lack a parent make a stack with the next child on top.
 */
function rightChildren(feature: Int32Array): Int32Array | null {
  const right = new Int32Array(feature.length);
  const orphans: number[] = [];
  for (let node = feature.length - 1; node >= 0; node--) {
    if (feature[node] >= 0) {
      if (orphans.length < 2) return null;
      orphans.pop();
      right[node] = orphans.pop()!;
    }
    orphans.push(node);
  }
  return right;
}

function entriesAt(array: StateArray, feature: Int32Array, leaves: boolean): StateArray {
  const entries = newArray(typeOf(array), array.length);
  let count = 0;
  for (let node = 0; node < array.length; node++) {
    if (feature[node] < 0 === leaves) entries[count++] = array[node];
  }
  return entries.slice(0, count);
}

function unfold(
  stored: StateArray,
  { storedAtLeaves, fill }: Rule,
  feature: Int32Array,
  right: Int32Array,
  cover: StateArray,
): StateArray {
  const array = newArray(typeOf(stored), feature.length);
  let left = stored.length;
  for (let node = feature.length - 1; node >= 0; node--) {
    const isStored = feature[node] < 0 === storedAtLeaves;
    array[node] = isStored ? stored[--left] : fill(array, node, right[node], cover);
  }
  if (left !== 0) throw broken();
  return array;
}

function sameBits(a: StateArray, b: StateArray): boolean {
  return Buffer.compare(bytesOf(a), bytesOf(b)) === 0;
}
