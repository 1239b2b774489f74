import { ModelStateError } from '../learner.js';
import { addCode, setWords } from './category-set.js';
import { joinTrees } from './join-trees.js';
import { checkNodes, type ForestNodes, goesLeft, NodeWriter } from './nodes.js';

const setOf = (...codes: number[]): Uint32Array => {
  const set = new Uint32Array(setWords);
  for (const code of codes) addCode(set, code);
  return set;
};

/** Column 0 in the categories 3 and 40, or missing, goes left; there column 1 is cut at `threshold`. */
function tree(writer: NodeWriter, threshold: number): ForestNodes {
  writer.startTree();
  const root = writer.leaf(0.5, 4);
  writer.splitCategories(root, 0, setOf(3, 40, 255), true);
  const left = writer.leaf(0.5, 2);
  writer.split(left, 1, threshold, false);
  writer.leaf(0, 1);
  writer.setRight(left, writer.leaf(1, 1));
  writer.setRight(root, writer.leaf(0.25, 2));
  return writer.finish();
}

describe('goesLeft', () => {
  const nodes = tree(new NodeWriter(), 2.5);

  it.each([
    [3, true],
    [40, true],
    [4, false],
    [NaN, true],
    [3.5, true],
    [-3, true],
    [999, true],
  ])('sends the category %d left: %p', (value, left) => {
    expect(goesLeft(nodes, 0, value)).toBe(left);
  });

  it.each([
    [2.5, true],
    [2.6, false],
    [NaN, false],
    [-Infinity, true],
  ])('sends the number %d left: %p', (value, left) => {
    expect(goesLeft(nodes, 1, value)).toBe(left);
  });
});

describe('NodeWriter', () => {
  it('begins anew after finish, with nothing left of what it wrote', () => {
    const writer = new NodeWriter();
    tree(writer, 1);
    writer.startTree();
    writer.leaf(0.3, 7);
    const { starts, feature, threshold, flags, right, sets } = writer.finish();
    expect([starts, feature, threshold, flags, right, sets].map((array) => [...array])).toEqual([
      [0, 1],
      [-1],
      [0],
      [0],
      [0],
      [],
    ]);
  });

  it('has room for many nodes and sets', () => {
    const writer = new NodeWriter();
    writer.startTree();
    for (let node = 0; node < 5000; node++) {
      writer.leaf(0, node + 1);
      if (node % 2 === 0) writer.splitCategories(node, 0, setOf(node % 255), false);
    }
    const nodes = writer.finish();
    expect(nodes.cover[4999]).toBe(5000);
    expect(nodes.sets).toHaveLength(2500 * setWords);
    expect(goesLeft(nodes, 4998, 4998 % 255)).toBe(true);
    expect(goesLeft(nodes, 4998, 5)).toBe(false);
  });
});

describe('joinTrees', () => {
  it('puts trees behind each other, each with its own sets', () => {
    const writer = new NodeWriter();
    const forest = joinTrees([tree(writer, 1), tree(writer, 2)]);
    expect([...forest.starts]).toEqual([0, 5, 10]);
    expect([...forest.threshold]).toEqual([0, 1, 0, 0, 0, 1, 2, 0, 0, 0]);
    expect([...forest.right]).toEqual([4, 3, 0, 0, 0, 9, 8, 0, 0, 0]);
    expect(forest.sets).toHaveLength(2 * setWords);
    checkNodes(forest, 2);
  });
});

describe('checkNodes', () => {
  const sound = (): ForestNodes => tree(new NodeWriter(), 2.5);

  it('lets a sound tree pass', () => {
    expect(() => checkNodes(sound(), 2)).not.toThrow();
  });

  it.each<[string, (nodes: ForestNodes) => void]>([
    ['the set 1', ({ threshold }) => (threshold[0] = 1)],
    ['the set 0.5', ({ threshold }) => (threshold[0] = 0.5)],
    ['the set -1', ({ threshold }) => (threshold[0] = -1)],
    ['the flags 4', ({ flags }) => (flags[0] = 4)],
    ['another direction in its set', ({ flags }) => (flags[0] = 2)],
    ['takes categories for numbers', ({ feature }) => (feature[1] = 0)],
  ])('refuses a tree with %s', (fault, damage) => {
    const nodes = sound();
    damage(nodes);
    expect(() => checkNodes(nodes, 2)).toThrow(ModelStateError);
    expect(() => checkNodes(nodes, 2)).toThrow(fault);
  });

  it('refuses half a set', () => {
    expect(() => checkNodes({ ...sound(), sets: new Uint32Array(12) }, 2)).toThrow('sets of 12 words');
  });
});
