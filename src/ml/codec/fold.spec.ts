import { ModelStateError, type StateArray } from '../learner.js';
import { foldTrees, unfoldTrees } from './fold.js';

/** A stump, and a tree whose left child is split again: 8 nodes. */
const arrays = {
  starts: Int32Array.of(0, 3, 8),
  feature: Int32Array.of(1, -1, -1, 0, 2, -1, -1, -1),
  threshold: Float64Array.of(0.5, 0, 0, 7, 3, 0, 0, 0),
  flags: Uint8Array.of(1, 0, 0, 0, 1, 0, 0, 0),
  right: Int32Array.of(2, 0, 0, 7, 6, 0, 0, 0),
  value: Float64Array.of(0.3, 0, 1, 0.6, 0.75, 1, 2 / 3, 1 / 2),
  cover: Float64Array.of(10, 7, 3, 10, 4, 1, 3, 6),
};

describe('trees without what follows from the rest', () => {
  it('keep leaves of covers and values, and inner nodes of thresholds and flags', () => {
    expect(foldTrees(arrays)).toEqual({
      arrays: {
        starts: Int32Array.of(0, 3, 8),
        feature: arrays.feature,
        threshold: Float64Array.of(0.5, 7, 3),
        flags: Uint8Array.of(1, 0, 1),
        value: Float64Array.of(0, 1, 1, 2 / 3, 1 / 2),
        cover: Float64Array.of(7, 3, 1, 3, 6),
      },
      trees: { threshold: 'inner', flags: 'inner', cover: 'sum', value: 'share' },
    });
  });

  it('are whole again', () => {
    expect(unfoldTrees(foldTrees(arrays))).toEqual(arrays);
  });

  it('leave out the values of inner nodes where those are 0', () => {
    const steps = { ...arrays, value: Float64Array.of(0, -0.1, 0.2, 0, 0, 0.3, -0, 1e-300) };
    const folded = foldTrees(steps);
    expect(folded.trees).toMatchObject({ value: 'leaves' });
    expect(unfoldTrees(folded)).toEqual(steps);
  });

  it.each<[string, Partial<Record<keyof typeof arrays, StateArray>>, string]>([
    ['a cover that is off by one bit', { cover: arrays.cover.with(3, 10 * (1 + Number.EPSILON)) }, 'cover'],
    ['a share that no whole number of rows gives', { value: arrays.value.with(4, 0.7) }, 'value'],
    ['a threshold of -0 at a leaf', { threshold: arrays.threshold.with(1, -0) }, 'threshold'],
    ['flags at a leaf', { flags: arrays.flags.with(2, 1) }, 'flags'],
    ['another number of covers', { cover: arrays.cover.slice(1) }, 'cover'],
  ])('keep an array whole for %s', (_, change, name) => {
    const odd = { ...arrays, ...change };
    const folded = foldTrees(odd);
    expect(folded.trees).not.toHaveProperty(name);
    expect(folded.trees).not.toBeNull();
    expect(unfoldTrees(folded)).toEqual(odd);
  });

  it.each([
    ['another right child', { ...arrays, right: arrays.right.with(0, 1) }],
    ['an inner node at the end', { ...arrays, feature: arrays.feature.with(7, 0) }],
    ['features of another type', { ...arrays, feature: Float64Array.from(arrays.feature) }],
    ['no right children', { feature: arrays.feature }],
    ['no trees', { coefficients: Float64Array.of(1, 2) }],
  ])('are not looked for in arrays with %s', (_, others) => {
    expect(foldTrees(others)).toEqual({ arrays: others, trees: null });
  });
});

describe('folded trees that cannot be', () => {
  const { arrays: folded, trees } = foldTrees(arrays);
  const { feature, ...featureless } = folded;

  it.each<[string, Record<string, StateArray>, unknown]>([
    ['rules that are none', folded, 'sum'],
    ['a rule of another array', folded, { ...trees, cover: 'inner' }],
    ['a rule that is inherited', folded, { ...trees, cover: 'constructor' }],
    ['a rule for an array that is not there', { feature, starts: arrays.starts }, trees],
    ['no features', featureless, trees],
    ['features of another type', { ...folded, feature: Float64Array.from(feature) }, trees],
    ['an inner node that lacks a child', { ...folded, feature: Int32Array.of(0, -1, 0) }, trees],
    ['a leaf too few', { ...folded, cover: folded.cover.slice(1) }, trees],
    ['a leaf too many', { ...folded, cover: new Float64Array(9) }, trees],
  ])('are refused: %s', (_, damaged, rules) => {
    expect(() => unfoldTrees({ arrays: damaged, trees: rules })).toThrow(ModelStateError);
  });
});
