import { binColumns, maxValueBins } from '../bins.js';
import {
  checkTrainingSet,
  type FitContext,
  type LearnerName,
  type LearnerOptions,
  rowWeights,
} from '../learner.js';
import type { Matrix } from '../matrix.js';
import { between, integer, oneOf, option, type OptionsOf, readOptions } from '../options.js';
import { deriveSeed, Random } from '../random.js';
import { ForestModel } from './forest-model.js';
import { NodeWriter } from './nodes.js';
import { TreeGrower, type TreeOptions } from './tree.js';

/** What a tree takes. Whole numbers of `maxFeatures` are counts, others shares. */
export const treeTable = {
  criterion: option<'gini' | 'entropy'>('gini', oneOf('gini', 'entropy')),
  maxDepth: option<number | null>(null, integer(1), oneOf(null)),
  minSamplesSplit: option(2, integer(2)),
  minSamplesLeaf: option(1, integer(1)),
  maxFeatures: option<'sqrt' | 'log2' | number | null>(
    null,
    oneOf('sqrt', 'log2', null),
    integer(1),
    between(0, 1),
  ),
  classWeight: option<'balanced' | null>(null, oneOf('balanced', null)),
  maxBins: option(maxValueBins, integer(2, maxValueBins)),
};

/** What a forest takes. Whole numbers of `maxSamples` are counts, others shares. */
const forestTable = {
  nEstimators: option(100, integer(1, 10_000)),
  ...treeTable,
  maxFeatures: { ...treeTable.maxFeatures, default: 'sqrt' as const },
  bootstrap: option<boolean>(true, oneOf(true, false)),
  maxSamples: option<number | null>(null, integer(1), between(0, 1), oneOf(null)),
};
export type ForestOptions = OptionsOf<typeof forestTable>;

/** @throws RangeError on an unknown option or a bad value */
export function readForestOptions(
  learner: LearnerName,
  given: LearnerOptions,
  bootstrap: boolean,
): ForestOptions {
  const table = { ...forestTable, bootstrap: { ...forestTable.bootstrap, default: bootstrap } };
  const options = readOptions(learner, table, given);
  if (!options.bootstrap && options.maxSamples !== null) {
    throw new RangeError(`${learner}: maxSamples must be null where bootstrap is false`);
  }
  return options;
}

/** @throws RangeError when the fit cannot begin or `maxSamples` is above the number of rows */
export function fitForest(
  learner: LearnerName,
  options: ForestOptions & Pick<TreeOptions, 'splitter'>,
  x: Matrix,
  y: Uint8Array,
  context: FitContext,
): ForestModel {
  checkTrainingSet(x, y, context);
  const { nEstimators, bootstrap, maxSamples, classWeight } = options;
  const draws = bootstrap ? sampleSize(learner, maxSamples, x.rows) : 0;
  const { order, grower } = prepareTrees(x, y, options);
  const weights = rowWeights(y, context, classWeight);
  const sorted = Float64Array.from(order, (row) => weights[row]);
  const nodes = new NodeWriter();
  for (let tree = 0; tree < nEstimators; tree++) {
    const random = new Random(deriveSeed(context.seed, tree));
    grower.grow(bootstrap ? resample(sorted, draws, random) : sorted, random, nodes);
    context.onProgress?.(tree + 1, nEstimators);
  }
  return new ForestModel(learner, nodes.finish(), x.columns);
}

/** A grower on the binned rows of `x`; its weights come in the order of the row numbers `order`. */
export function prepareTrees(
  x: Matrix,
  y: Uint8Array,
  options: Omit<OptionsOf<typeof treeTable>, 'classWeight'> & Pick<TreeOptions, 'splitter'>,
): { order: Int32Array; grower: TreeGrower } {
  const order = benignFirst(y);
  const benignRows = y.length - y.reduce((sum, label) => sum + label, 0);
  const grower = new TreeGrower(binColumns(x, order, options.maxBins), benignRows, {
    ...options,
    maxDepth: options.maxDepth ?? Infinity,
    maxFeatures: featureCount(options.maxFeatures, x.columns),
  });
  return { order, grower };
}

/** Row numbers with the benign rows first, as `TreeGrower` wants them. */
function benignFirst(y: Uint8Array): Int32Array {
  const order = new Int32Array(y.length);
  let at = 0;
  for (const label of [0, 1]) {
    for (let row = 0; row < y.length; row++) if (y[row] === label) order[at++] = row;
  }
  return order;
}

/** Weights of a bootstrap sample: each row's weight times how often it was drawn. */
function resample(weights: Float64Array, draws: number, random: Random): Float64Array {
  const drawn = new Float64Array(weights.length);
  for (let i = 0; i < draws; i++) drawn[random.below(weights.length)]++;
  for (let row = 0; row < drawn.length; row++) drawn[row] *= weights[row];
  return drawn;
}

function sampleSize(learner: LearnerName, maxSamples: number | null, rows: number): number {
  if (maxSamples === null) return rows;
  if (maxSamples > rows) throw new RangeError(`${learner}: maxSamples is ${maxSamples} of ${rows} rows`);
  return maxSamples < 1 ? Math.max(1, Math.round(maxSamples * rows)) : maxSamples;
}

function featureCount(maxFeatures: 'sqrt' | 'log2' | number | null, columns: number): number {
  if (maxFeatures === null) return columns;
  if (maxFeatures === 'sqrt') return Math.max(1, Math.floor(Math.sqrt(columns)));
  if (maxFeatures === 'log2') return Math.max(1, Math.floor(Math.log2(columns)));
  return maxFeatures < 1 ? Math.max(1, Math.floor(maxFeatures * columns)) : Math.min(maxFeatures, columns);
}
