import { setWords } from './category-set.js';
import { type ForestNodes, isCategorical } from './nodes.js';

/** One forest of single trees, in their order. */
export function joinTrees(trees: readonly ForestNodes[]): ForestNodes {
  const starts = Int32Array.of(0, ...trees.map(({ feature }) => feature.length));
  const setStarts = Int32Array.of(0, ...trees.map(({ sets }) => sets.length));
  for (let i = 0; i < trees.length; i++) {
    starts[i + 1] += starts[i];
    setStarts[i + 1] += setStarts[i];
  }
  const size = starts[trees.length];
  const forest: ForestNodes = {
    starts,
    feature: new Int32Array(size),
    threshold: new Float64Array(size),
    flags: new Uint8Array(size),
    right: new Int32Array(size),
    value: new Float64Array(size),
    cover: new Float64Array(size),
    sets: new Uint32Array(setStarts[trees.length]),
  };
  trees.forEach((tree, i) => copyTree(tree, forest, starts[i], setStarts[i]));
  return forest;
}

function copyTree(tree: ForestNodes, forest: ForestNodes, start: number, setStart: number): void {
  forest.feature.set(tree.feature, start);
  forest.threshold.set(tree.threshold, start);
  forest.flags.set(tree.flags, start);
  forest.right.set(tree.right, start);
  forest.value.set(tree.value, start);
  forest.cover.set(tree.cover, start);
  forest.sets.set(tree.sets, setStart);
  for (let node = start; node < start + tree.feature.length; node++) {
    if (forest.feature[node] < 0) continue;
    forest.right[node] += start;
    if ((forest.flags[node] & isCategorical) !== 0) forest.threshold[node] += setStart / setWords;
  }
}
